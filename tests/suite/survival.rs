//! A workspace survives anything: whatever ends a run, it holds the last finished run or the new one, whole.

use crate::support::{Bench, copy_folder, files_below};
use std::{env, fs, thread, time::Instant};

/// Reviews with these numbers as ids: six opinions in turn, over two weeks.
fn reviews(ids: std::ops::Range<u32>) -> String {
    const OPINIONS: [&str; 6] = [
        "Late parcel again, delivery was awful",
        "Kind staff in the shop",
        "Livraison rapide, merci",
        "Le SAV ne répond pas",
        "The refund never came",
        "Produit abîmé, très déçu",
    ];
    let mut table = "id,date,rating,customer,comment\n".to_owned();
    for id in ids {
        table.push_str(&format!(
            "{id},2026-11-{:02},{},c{},\"{} ({id})\"\n",
            9 + id % 14,
            1 + id % 5,
            id % 17,
            OPINIONS[id as usize % OPINIONS.len()],
        ));
    }
    table
}

/// A bench with a workspace `ws` whose tables of words hold next to nothing: opening those of the program is most of what a
/// small run does, and no fact here depends on them.
fn bench() -> Bench {
    let bench = Bench::new();
    for language in ["fr", "en"] {
        for (table, rows) in [
            (
                "polarity.tsv",
                "phrase\tweight\tby\tseen\thand\tnote\nlate\t-0.60\thand\t\t\tt\n",
            ),
            ("cues.tsv", "kind\tpattern\tnote\n"),
            ("concepts.tsv", "theme\tpattern\tnote\n"),
            ("vectors.tsv", "stem\tplace\n"),
        ] {
            bench.file(&format!("ws/lexicons/{language}/{table}"), rows);
        }
    }
    bench
}

/// The same with so many files `0.csv`, `1.csv` of thirty reviews each, some of them in the file before, all but the last of
/// them read.
fn bench_before_the_last_of(files: u32) -> Bench {
    let bench = bench();
    for file in 0..files {
        bench.file(&format!("{file}.csv"), reviews(file * 25..file * 25 + 30));
    }
    for file in 0..files - 1 {
        bench
            .vocable(&[
                "run",
                "--workspace",
                "ws",
                "--quiet",
                &format!("{file}.csv"),
            ])
            .ends(0);
    }
    bench
}

/// What a workspace holds.
fn export(bench: &Bench, workspace: &str) -> String {
    bench
        .vocable(&["export", "--workspace", workspace])
        .ends(0)
        .out
}

/// Asserts that files have the same names and the same bytes.
#[track_caller]
fn same_files(found: &[(String, Vec<u8>)], expected: &[(String, Vec<u8>)], when: &str) {
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(found), names(expected), "{when}");
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        assert!(found == expected, "{when}: {name}");
    }
}

/// Times a run is killed; `VOCABLE_KILLS=200` asks for more than the forty of every day.
fn kills() -> u32 {
    let asked = env::var("VOCABLE_KILLS").ok();
    asked.map_or(40, |kills| {
        kills.parse().expect("VOCABLE_KILLS is a number")
    })
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_last_finished_run_or_the_new_one() {
    // Five runs leave so many segments that the sixth merges them.
    let bench = bench_before_the_last_of(6);
    let run = |workspace: &'static str| ["run", "--workspace", workspace, "--quiet", "5.csv"];
    let before = export(&bench, "ws");
    copy_folder(&bench.path("ws"), &bench.path("whole"));
    let started = Instant::now();
    bench.vocable(&run("whole")).ends(0);
    let undisturbed = started.elapsed();
    let after = export(&bench, "whole");
    let reports = files_below(&bench.path("whole/reports"));
    assert!(before != after);
    let (mut old, mut new) = (0, 0);
    let kills = kills();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for kill in 0..kills {
        copy_folder(&bench.path("ws"), &bench.path("killed"));
        // Evenly over a little more than an undisturbed run, each moment moved by chance within its share.
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let share = (f64::from(kill) + (seed >> 40) as f64 / (1 << 24) as f64) / f64::from(kills);
        let mut running = bench.start(&run("killed"));
        thread::sleep(undisturbed.mul_f64(1.1 * share));
        running.kill().expect("a process can be killed");
        running.wait().expect("the process ends");
        match export(&bench, "killed") {
            found if found == before => old += 1,
            found if found == after => new += 1,
            found => panic!("neither before nor after, killed at {share} of a run:\n{found}"),
        }
        bench.vocable(&run("killed")).ends(0);
        assert!(
            export(&bench, "killed") == after,
            "killed at {share} of a run"
        );
        same_files(
            &files_below(&bench.path("killed/reports")),
            &reports,
            &format!("killed at {share} of a run"),
        );
        let half_written = files_below(&bench.path("killed"));
        let mut half_written = half_written.iter().map(|(name, _)| name);
        assert_eq!(half_written.find(|name| name.contains(".tmp")), None);
        fs::remove_dir_all(bench.path("killed")).unwrap();
    }
    println!("{old} times the run before, {new} times the new one");
    assert!(old > 0, "no run was killed before its end");
}
