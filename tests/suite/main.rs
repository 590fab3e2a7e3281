//! The real program, driven as people drive it: hermetic, one binary. See tests/README.md for where a test goes.

mod alerts;
mod annotate;
mod bad_input;
mod bombs;
mod browser;
mod brute_force;
mod determinism;
mod erasure;
mod export;
mod hostile;
mod imports;
mod language;
mod lexicon;
mod numbers;
mod periods;
mod personal_data;
mod pictures;
mod run;
mod search;
mod sources;
mod support;
mod survival;
mod themes;
