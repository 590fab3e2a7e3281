//! The program `vocable`: a thin binary over the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
