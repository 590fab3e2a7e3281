//! The page in a browser, where this machine has one: it fits a phone, and its script runs. pictures.rs looks at how it is drawn.

use crate::support::{Bench, fourteen_weeks};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// More than a browser needs for a page without a network.
const PATIENCE: Duration = Duration::from_secs(60);

/// The browser of this machine.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = found.into_iter().find(|path| path.is_file());
    if found.is_none() {
        println!("skipped: no browser on this machine");
    }
    found
}

/// A folder with the report of a quarter, which has every section.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.file("reviews.csv", fourteen_weeks());
    let run = ["run", "--workspace", "ws", "--quiet", "reviews.csv"];
    bench
        .vocable(&[&run[..], &["--quarter", "2026-Q4"]].concat())
        .ends(0);
    bench
}

/// Opens a page in the browser with these flags, and returns what it printed.
#[track_caller]
fn open(browser: &Path, bench: &Bench, page: &Path, flags: &[String]) -> String {
    let printed = bench.path("printed");
    let mut child = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ])
        .arg(format!(
            "--user-data-dir={}",
            bench.path("profile").display()
        ))
        .args(flags)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(fs::File::create(&printed).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let start = Instant::now();
    while child
        .try_wait()
        .expect("the browser can be asked")
        .is_none()
    {
        if start.elapsed() > PATIENCE {
            child.kill().expect("the browser can be ended");
            child.wait().expect("the browser ends");
            panic!("the browser did not end in time");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    String::from_utf8_lossy(&fs::read(printed).unwrap()).into_owned()
}

fn report(bench: &Bench) -> PathBuf {
    bench.path("ws/reports/2026-Q4/report.html")
}

#[test]
fn a_phone_needs_no_scrolling_sideways_and_the_script_runs() {
    let Some(browser) = browser() else { return };
    let bench = bench();
    let page = fs::read_to_string(report(&bench)).unwrap();
    // A frame 390 pixels wide tells its width; the page itself is as it is but for its policy.
    let (before, rest) = page.split_once("<meta http-equiv").unwrap();
    let page = format!("{before}{}", rest.split_once('>').unwrap().1);
    let probe = "<script>addEventListener('load', () => parent.postMessage([document.documentElement.scrollWidth, \
        !document.querySelector('.filter').hidden], '*'))</script></body>";
    let inner = bench.file("inner.html", page.replace("</body>", probe));
    let outer = bench.file(
        "outer.html",
        format!(
            "<!DOCTYPE html><body><script>onmessage = (event) => document.body.dataset.told = event.data.join(' ')</script>\
            <iframe width=390 height=844 style='border:0' src='file://{}'></iframe>",
            inner.display()
        ),
    );
    let flags = ["--dump-dom", "--virtual-time-budget=5000"].map(str::to_owned);
    let dom = open(&browser, &bench, &outer, &flags);
    assert!(
        dom.contains("data-told=\"390 true\""),
        "{}",
        &dom[..dom.len().min(400)]
    );
}
