//! Every exit status and its meaning.

use vocable::error::Error;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// 0: done.
    Done,
    /// 1: failed; the message says why.
    Failed,
    /// 2: the command line, a query or a settings file says something that cannot be.
    Usage,
    /// 3: done, but more rows were refused than `--max-reject` allows.
    TooManyRejected,
    /// 4: done, and an alert fired. Where 3 is due too, 3 it is: numbers of a damaged import should alarm nobody.
    AlertFired,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(match code {
            ExitCode::Done => 0,
            ExitCode::Failed => 1,
            ExitCode::Usage => 2,
            ExitCode::TooManyRejected => 3,
            ExitCode::AlertFired => 4,
        })
    }
}

/// The status an error ends the program with.
pub fn of(error: &Error) -> ExitCode {
    match error {
        Error::Settings { .. } | Error::Query(_) => ExitCode::Usage,
        Error::Io { .. } | Error::Unreadable { .. } | Error::Workspace { .. } | Error::Index(_) => {
            ExitCode::Failed
        }
    }
}
