//! The page as people see it: on a desk, on a phone, in the dark, on paper; where a Chromium is at hand, else it says so.

use crate::support::{Bench, demo};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// The first browser of this kind on the machine.
fn browser() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| {
            let asked = Command::new(name)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            asked.is_ok_and(|status| status.success())
        })
}

/// Runs the browser, a minute at most; true when it wrote the file.
fn draws(browser: &str, bench: &Bench, arguments: &[&str], written: &Path) -> bool {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let page = bench.path("ws/reports/2026-W47/report.html");
    let mut child = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--hide-scrollbars",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let start = Instant::now();
    loop {
        if child
            .try_wait()
            .expect("the browser can be asked")
            .is_some()
        {
            break;
        }
        if start.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            let _ = child.wait();
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    fs::metadata(written).is_ok_and(|file| file.len() > 10_000)
}

#[test]
fn the_page_is_drawn_on_desk_phone_in_the_dark_and_on_paper() {
    let Some(browser) = browser() else {
        println!("skipped: no Chromium on this machine");
        return;
    };
    let bench = Bench::new();
    let _ = bench
        .vocable(&["run", &demo(), "--workspace", "ws", "--quiet"])
        .ends(0);
    for (name, size, more) in [
        ("desk.png", "1100,2400", ""),
        ("phone.png", "390,2400", ""),
        (
            "dark.png",
            "1100,2400",
            "--blink-settings=preferredColorScheme=0",
        ),
    ] {
        let path = bench.path(name);
        let (shot, size) = (
            format!("--screenshot={}", path.display()),
            format!("--window-size={size}"),
        );
        let arguments: Vec<&str> = [&*shot, &*size, more]
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect();
        assert!(draws(browser, &bench, &arguments, &path), "{name}");
    }
    let path = bench.path("paper.pdf");
    let print = format!("--print-to-pdf={}", path.display());
    assert!(
        draws(browser, &bench, &[&print, "--no-pdf-header-footer"], &path),
        "paper.pdf"
    );
    assert!(fs::read(&path).unwrap().starts_with(b"%PDF"));
}
