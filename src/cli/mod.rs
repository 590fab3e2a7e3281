//! What the terminal sees: arguments, settings files, progress, messages, exit codes. The library knows none of it.

mod annotate;
mod args;
mod config;
mod erase;
mod eval;
mod exit_code;
mod explain;
mod export;
mod inspect;
mod lexicon;
mod lines;
mod progress;
mod report;
mod run;
mod search;
mod soundness;
mod terminal;
mod themes;

use args::{Arguments, Command};
use clap::Parser;
use exit_code::ExitCode;
use std::{panic, thread};
use vocable::{error::Error, ingest::FOREIGN_PARSER};

/// Reads the arguments, runs the command, tells the shell how it went.
pub fn main() -> std::process::ExitCode {
    // A parser's panic over a damaged file becomes a message of its own, and may quote the file.
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |found| {
        if thread::current().name() != Some(FOREIGN_PARSER) {
            report(found);
        }
    }));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes; clap knows which stream each belongs to.
            let is_mistake = error.use_stderr();
            let _ = error.print();
            return if is_mistake {
                ExitCode::Usage
            } else {
                ExitCode::Done
            }
            .into();
        }
    };
    if !names_a_place(&arguments.command) {
        keep_private();
    }
    let outcome = match arguments.command {
        Command::Run(run) => run::run(&run),
        Command::Report(report) => report::report(&report),
        Command::Inspect(inspect) => inspect::inspect(&inspect),
        Command::Search(search) => search::search(&search),
        Command::Explain(explain) => explain::explain(&explain),
        Command::Annotate(annotate) => annotate::annotate(&annotate),
        Command::Export(export) => export::export(&export),
        Command::Forget(forget) => erase::forget(&forget),
        Command::Purge(purge) => erase::purge(&purge),
        Command::Check(workspace) => soundness::check(&workspace),
        Command::Rebuild(rebuild) => soundness::rebuild(&rebuild),
        Command::Eval(eval) => eval::eval(&eval),
        Command::Lexicon(lexicon) => lexicon::lexicon(&lexicon),
        Command::Themes(themes) => themes::themes(&themes),
    };
    match outcome {
        Ok(code) => code.into(),
        Err(Failure::Pipe) => ExitCode::Done.into(),
        Err(Failure::Error(error)) => {
            terminal::complain(&error.to_string());
            exit_code::of(&error).into()
        }
    }
}

/// True when the user says where files go: those are made as the user's other files are.
fn names_a_place(command: &Command) -> bool {
    match command {
        Command::Report(report) => report.output.is_some(),
        Command::Inspect(_) | Command::Export(_) | Command::Eval(_) | Command::Lexicon(_) => true,
        Command::Run(_)
        | Command::Search(_)
        | Command::Explain(_)
        | Command::Annotate(_)
        | Command::Forget(_)
        | Command::Purge(_)
        | Command::Check(_)
        | Command::Rebuild(_)
        | Command::Themes(_) => false,
    }
}

/// Makes every file from here on its owner's alone. The index makes its own files, so saying it file by file is not enough.
fn keep_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Why a command ended early.
pub enum Failure {
    /// Something went wrong.
    Error(Error),
    /// Whoever read our output has read enough.
    Pipe,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Error(error)
    }
}

impl From<std::io::Error> for Failure {
    /// For writing to standard output only: files have errors that name them.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::Pipe;
        }
        Failure::Error(Error::Io {
            path: "standard output".into(),
            source: error,
            remedy: "check what the output is sent to",
        })
    }
}

/// How a command ends.
pub type Outcome = Result<ExitCode, Failure>;
