//! A workspace survives anything: whatever ends a run, it holds the last finished run or the new one, whole.

use crate::support::{Bench, Ran, copy_folder, files_below};
use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

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

/// [`bench`] with so many files `0.csv`, `1.csv` of thirty reviews each, some of them in the file before, all but the last of
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

/// So many shares of a run, spread evenly, each moved by chance within its part; the same ones every time.
fn shares(count: u32) -> impl Iterator<Item = f64> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    (0..count).map(move |place| {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let chance = (seed >> 40) as f64 / (1 << 24) as f64;
        (f64::from(place) + chance) / f64::from(count)
    })
}

/// Starts the program and kills it after this time.
fn kill_after(bench: &Bench, arguments: &[&str], time: Duration) {
    let mut running = bench.start(arguments);
    thread::sleep(time);
    running.kill().expect("a process can be killed");
    running.wait().expect("the process ends");
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
    for share in shares(kills()) {
        copy_folder(&bench.path("ws"), &bench.path("killed"));
        kill_after(&bench, &run("killed"), undisturbed.mul_f64(1.1 * share));
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

#[test]
fn a_first_run_killed_at_any_moment_can_be_run_again() {
    let bench = bench();
    bench.file("0.csv", reviews(0..30));
    let run = |workspace: &'static str| ["run", "--workspace", workspace, "--quiet", "0.csv"];
    copy_folder(&bench.path("ws"), &bench.path("whole"));
    let started = Instant::now();
    bench.vocable(&run("whole")).ends(0);
    let undisturbed = started.elapsed();
    let after = export(&bench, "whole");
    for share in shares(kills() / 4) {
        copy_folder(&bench.path("ws"), &bench.path("killed"));
        kill_after(&bench, &run("killed"), undisturbed.mul_f64(1.1 * share));
        let seen = bench.vocable(&["export", "--workspace", "killed"]);
        match seen.status {
            0 => assert!(seen.out.is_empty() || seen.out == after, "{}", seen.out),
            _ => drop(seen.ends(1).complains(&["there is none yet"])),
        }
        bench.vocable(&run("killed")).ends(0);
        assert!(
            export(&bench, "killed") == after,
            "killed at {share} of a run"
        );
        fs::remove_dir_all(bench.path("killed")).unwrap();
    }
}

/// A bench before its second file, and what undisturbed runs make of it.
struct Prepared {
    bench: Bench,
    /// What the workspace `ws` holds.
    before: String,
    /// What it holds once `1.csv` is read.
    after: String,
}

impl Prepared {
    fn new() -> Self {
        let bench = bench_before_the_last_of(2);
        let before = export(&bench, "ws");
        copy_folder(&bench.path("ws"), &bench.path("whole"));
        bench
            .vocable(&["run", "--workspace", "whole", "--quiet", "1.csv"])
            .ends(0);
        let after = export(&bench, "whole");
        assert!(before != after);
        Self {
            bench,
            before,
            after,
        }
    }

    /// Asserts that a workspace holds the last finished run or the new one, and that running again gives the new one.
    #[track_caller]
    fn recovers(&self, workspace: &str, when: &str) {
        let found = export(&self.bench, workspace);
        assert!(found == self.before || found == self.after, "{when}");
        self.bench
            .vocable(&["run", "--workspace", workspace, "--quiet", "1.csv"])
            .ends(0);
        assert!(export(&self.bench, workspace) == self.after, "{when}");
    }
}

#[test]
fn a_disk_that_fills_up_costs_a_message_and_nothing_else() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let mut statuses = Vec::new();
    // Blocks of 512 bytes that a file may have: more than that is what a full disk is to whoever writes.
    for blocks in [0, 1, 3, 6, 12, 40, 4000] {
        copy_folder(&bench.path("ws"), &bench.path("full"));
        let ran = bench.vocable_after(
            &format!("trap '' XFSZ; ulimit -f {blocks};"),
            &["run", "--workspace", "full", "--quiet", "1.csv"],
        );
        statuses.push(ran.status);
        if ran.status != 0 {
            ran.ends(1).complains(&["full/", "make room on the disk"]);
        }
        prepared.recovers("full", &format!("{blocks} blocks"));
        fs::remove_dir_all(bench.path("full")).unwrap();
    }
    assert_eq!(statuses[0], 1);
    assert_eq!(statuses.last(), Some(&0));
}

#[test]
fn a_disk_that_is_full_at_the_first_run_leaves_room_for_a_second() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    for blocks in [0, 1, 6, 40] {
        copy_folder(&bench.path("ws/lexicons"), &bench.path("full/lexicons"));
        bench
            .vocable_after(
                &format!("trap '' XFSZ; ulimit -f {blocks};"),
                &["run", "--workspace", "full", "--quiet", "0.csv"],
            )
            .ends(1)
            .complains(&["full", "make room on the disk"]);
        let run = ["run", "--workspace", "full", "--quiet", "0.csv"];
        bench.vocable(&run).ends(0);
        assert!(export(bench, "full") == prepared.before, "{blocks} blocks");
        fs::remove_dir_all(bench.path("full")).unwrap();
    }
}

/// A small disk of its own, taken away when dropped; `None` where tests may not mount.
struct Disk(PathBuf);

impl Disk {
    fn new(at: PathBuf) -> Option<Self> {
        fs::create_dir_all(&at).expect("the folder can be made");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(&at)
            .output();
        if !mounted.is_ok_and(|mounted| mounted.status.success()) {
            println!("skipped: no disk can be mounted here");
            return None;
        }
        Some(Self(at))
    }

    fn make_read_only(&self) {
        let mounted = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .output();
        assert!(mounted.unwrap().status.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Writes a file until the disk it is on is full but for so many bytes.
#[cfg(unix)]
fn fill(filler: &Path, but: u64) {
    let folder = filler.parent().expect("a file is in a folder");
    let disk = rustix::fs::statvfs(folder).expect("the disk tells its size");
    let size = (disk.f_bavail * disk.f_frsize).saturating_sub(but);
    fs::write(filler, vec![0; usize::try_from(size).unwrap()]).expect("there was room");
}

#[cfg(unix)]
#[test]
fn a_small_disk_that_is_full_loses_nothing_either() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let Some(disk) = Disk::new(bench.path("disk")) else {
        return;
    };
    let mut statuses = Vec::new();
    for left in [0, 8 << 10, 24 << 10, 64 << 10, 120 << 10, 1 << 20] {
        copy_folder(&bench.path("ws"), &disk.0.join("ws"));
        let filler = disk.0.join("filler");
        fill(&filler, left);
        let ran = bench.vocable(&["run", "--workspace", "disk/ws", "--quiet", "1.csv"]);
        statuses.push(ran.status);
        if ran.status != 0 {
            ran.ends(1).complains(&["disk/ws", "make room on the disk"]);
        }
        let found = export(bench, "disk/ws");
        assert!(found == prepared.before || found == prepared.after);
        fs::remove_file(filler).unwrap();
        prepared.recovers("disk/ws", &format!("{left} bytes left"));
        fs::remove_dir_all(disk.0.join("ws")).unwrap();
    }
    assert_eq!(statuses[0], 1);
    assert_eq!(statuses.last(), Some(&0));
}

#[test]
fn a_workspace_that_cannot_be_written_can_be_searched() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let Some(disk) = Disk::new(bench.path("disk")) else {
        return;
    };
    let workspace = "disk/ws";
    copy_folder(&bench.path("ws"), &disk.0.join("ws"));
    // Whoever copied the workspace here may have left empty files out.
    fs::remove_file(disk.0.join("ws/index/.tantivy-meta.lock")).unwrap();
    disk.make_read_only();
    assert!(export(bench, workspace) == prepared.before);
    let found = bench
        .vocable(&["search", "--workspace", workspace, "refund"])
        .ends(0);
    assert!(found.out.contains("The refund never came"), "{}", found.out);
    bench
        .vocable(&["report", "--workspace", workspace, "--output", "elsewhere"])
        .ends(0);
    for command in [
        &["run", "1.csv"][..],
        &["report"],
        &["themes", "rename", "x", "y"],
    ] {
        bench
            .vocable(&[command, &["--workspace", workspace]].concat())
            .ends(1)
            .complains(&[workspace, "Read-only"]);
    }
    bench
        .vocable(&["report", "--workspace", workspace])
        .ends(1)
        .complains(&["vocable report --output FOLDER"]);
}

#[test]
fn where_no_folder_can_be_made_the_folder_is_named() {
    let bench = bench();
    bench.file("0.csv", reviews(0..30));
    for place in ["0.csv/ws", "0.csv"] {
        bench
            .vocable(&["run", "--workspace", place, "--quiet", "0.csv"])
            .ends(1)
            .complains(&[place, "--workspace"]);
    }
    assert!(fs::read_to_string(bench.path("0.csv")).unwrap() == reviews(0..30));
}

#[test]
fn a_second_run_is_told_at_once_who_is_writing() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let mut first = bench.start(&["run", "--workspace", "ws", "--quiet", "-"]);
    let held = format!("process {}", first.id());
    let lock = bench.path("ws/lock");
    while !fs::read_to_string(&lock).is_ok_and(|text| text.starts_with(&held)) {
        thread::yield_now();
    }
    // The second is not let down by what it would read: it does not come to that.
    for command in [&["run", "1.csv", "nowhere.csv"][..], &["themes", "commit"]] {
        bench
            .vocable(&[command, &["--workspace", "ws"]].concat())
            .ends(1)
            .complains(&["another run is writing", &held, "wait for it to end"]);
    }
    assert!(export(bench, "ws") == prepared.before);
    let mut input = first.stdin.take().unwrap();
    input.write_all(reviews(25..55).as_bytes()).unwrap();
    drop(input);
    Ran::of(first.wait_with_output().unwrap(), &["run", "-"]).ends(0);
    let texts = |export: &str| -> Vec<String> {
        let records = export.lines().map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["text"].to_string()
        });
        records.collect()
    };
    assert_eq!(texts(&export(bench, "ws")), texts(&prepared.after));
}

#[test]
fn whoever_reads_while_a_run_goes_on_sees_one_run_or_the_next() {
    let bench = bench();
    let mut expected = vec![String::new()];
    for file in 0..4 {
        bench.file(&format!("{file}.csv"), reviews(file * 25..file * 25 + 30));
    }
    let run = |workspace: &str, file: u32| {
        let file = format!("{file}.csv");
        bench
            .vocable(&["run", "--workspace", workspace, "--quiet", &file])
            .ends(0);
    };
    copy_folder(&bench.path("ws"), &bench.path("alone"));
    for file in 0..4 {
        run("alone", file);
        expected.push(export(&bench, "alone"));
    }
    let is_over = AtomicBool::new(false);
    let reads = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut reads, mut at) = (0, 0);
            while !is_over.load(Ordering::SeqCst) {
                let ran = bench.vocable(&["export", "--workspace", "ws"]);
                if ran.status != 0 {
                    assert_eq!(at, 0, "{}", ran.err);
                    ran.ends(1).complains(&["there is none yet"]);
                    continue;
                }
                // Later reads never see less.
                let seen = expected.iter().position(|run| *run == ran.out);
                let seen = seen.unwrap_or_else(|| panic!("no run gives this:\n{}", ran.out));
                assert!(seen >= at, "{seen} after {at}");
                at = seen;
                reads += 1;
            }
            reads
        });
        for file in 0..4 {
            run("ws", file);
        }
        is_over.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    println!("{reads} reads");
    assert!(export(&bench, "ws") == *expected.last().unwrap());
}

/// Says on its way out that it is over.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_costs_no_more_than_itself() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let long = "and so on and on ".repeat(30);
    let rows = |format: fn(u32, &str) -> String| -> String {
        (0..6000).map(|row| format(row, &long)).collect()
    };
    let table = rows(|row, long| format!("{row},2026-11-16,Late parcel {row} {long}\n"));
    let table = format!("id,date,comment\n{table}");
    let lines = rows(|row, long| {
        format!("{{\"id\":{row},\"date\":\"2026-11-16\",\"text\":\"Late parcel {row} {long}\"}}\n")
    });
    let array = format!("[{}]", lines.trim_end().replace('\n', ",\n"));
    let is_over = AtomicBool::new(false);
    for (name, content) in [("t.csv", &table), ("l.ndjson", &lines), ("a.json", &array)] {
        let path = bench.file(name, content);
        is_over.store(false, Ordering::SeqCst);
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut turn = 0;
                while !is_over.load(Ordering::SeqCst) {
                    turn += 1;
                    let cut = content.len() * (turn * 7 % 10) / 10;
                    match turn % 3 {
                        0 => fs::write(&path, content).unwrap(),
                        1 => fs::File::options()
                            .write(true)
                            .open(&path)
                            .and_then(|file| file.set_len(cut as u64))
                            .unwrap(),
                        _ => fs::File::options()
                            .append(true)
                            .open(&path)
                            .and_then(|mut file| file.write_all(&content.as_bytes()[cut..]))
                            .unwrap(),
                    }
                }
            });
            // Whatever is found wrong below: the writer must stop, or the test never ends.
            let _stop = Stop(&is_over);
            // The run over such a file first, as it may add or refuse anything.
            for _ in 0..4 {
                let inspected = bench.vocable(&["inspect", name]);
                let ran = bench.vocable(&["run", "--workspace", "changing", "--quiet", name]);
                for ran in [inspected, ran] {
                    assert!(matches!(ran.status, 0 | 1), "{}", ran.err);
                    assert!(!ran.err.contains("panicked"), "{}", ran.err);
                    assert_eq!(ran.status == 1, ran.err.contains(name), "{}", ran.err);
                }
            }
        });
    }
    let _ = fs::remove_dir_all(bench.path("changing"));
    prepared.recovers("ws", "after all");
}

/// Damages a file of the workspace, asserts that these commands say so and change nothing, and puts it right again.
#[track_caller]
fn check_damage(
    prepared: &Prepared,
    file: &Path,
    damaged: Option<&[u8]>,
    commands: &[&[&str]],
    message: &[&str],
) {
    let bench = &prepared.bench;
    let whole = fs::read(file).unwrap();
    match damaged {
        Some(bytes) => fs::write(file, bytes).unwrap(),
        None => fs::remove_file(file).unwrap(),
    }
    let kept = || {
        let mut files = files_below(&bench.path("ws"));
        files.retain(|(name, _)| name != "lock");
        files
    };
    let before = kept();
    for command in commands {
        let ran = bench.vocable(&[command, &["--workspace", "ws"][..]].concat());
        let ran = ran.ends(1).complains(message);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        same_files(&kept(), &before, command[0]);
    }
    fs::write(file, whole).unwrap();
    assert!(export(bench, "ws") == prepared.before);
}

#[test]
fn a_workspace_that_was_damaged_says_what_to_do_and_is_not_made_worse() {
    const ALL: &[&[&str]] = &[
        &["search", "parcel"],
        &["export"],
        &["report"],
        &["run", "1.csv"],
        &["themes", "list"],
    ];
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let (state, bytes) = files_below(&bench.path("ws/state")).remove(0);
    let state = bench.path("ws/state").join(state);
    let half = &bytes[..bytes.len() / 2];
    let put_back = ["ws/state/", "put", "back from a copy", "--workspace"];
    check_damage(&prepared, &state, Some(half), ALL, &put_back);
    check_damage(&prepared, &state, None, ALL, &put_back);
    let index = bench.path("ws/index/meta.json");
    let bytes = fs::read(&index).unwrap();
    for damaged in [&bytes[..bytes.len() / 2], b"{}", b""] {
        check_damage(
            &prepared,
            &index,
            Some(damaged),
            ALL,
            &["ws/index", "cannot be used"],
        );
    }
}

#[test]
fn a_lost_key_stops_whoever_needs_it_and_nobody_else() {
    let prepared = Prepared::new();
    let bench = &prepared.bench;
    let key = bench.path("ws/key");
    let runs: &[&[&str]] = &[&["run", "1.csv"]];
    let message = ["ws/key", "put the", "back from a copy"];
    check_damage(&prepared, &key, None, runs, &message);
    check_damage(&prepared, &key, Some(b"half a key"), runs, &message);
    fs::remove_file(&key).unwrap();
    assert!(export(bench, "ws") == prepared.before);
    bench
        .vocable(&["report", "--workspace", "ws", "--quiet"])
        .ends(0);
    bench
        .vocable(&["search", "--workspace", "ws", "parcel"])
        .ends(0);
    assert!(!key.exists());
}

#[test]
fn a_folder_of_another_program_is_left_alone() {
    let bench = bench();
    bench.file("0.csv", reviews(0..30));
    for name in ["segments_1", "data/MANIFEST"] {
        let file = bench.file(&format!("theirs/index/{name}"), "of another program");
        let run = ["run", "--workspace", "theirs", "--quiet", "0.csv"];
        bench.vocable(&run).ends(1).complains(&[
            "theirs/index",
            "was not written by this program",
            "--workspace",
        ]);
        bench
            .vocable(&["search", "--workspace", "theirs", "parcel"])
            .ends(1)
            .complains(&["there is none yet"]);
        assert_eq!(files_below(&bench.path("theirs/index")).len(), 1);
        assert_eq!(fs::read_to_string(file).unwrap(), "of another program");
        fs::remove_dir_all(bench.path("theirs")).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn files_of_a_workspace_are_their_owners_alone_and_others_are_as_the_user_makes_files() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.file("0.csv", reviews(0..30));
    let run = |arguments: &[&str]| {
        bench.vocable_after("umask 002;", arguments).ends(0);
    };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    fn check(folder: &Path, mode: &dyn Fn(&Path) -> u32) {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => check(&path, mode),
                false => assert_eq!(mode(&path), 0o600, "{}", path.display()),
            }
        }
    }
    let workspace = ["--workspace", "ws"];
    run(&[&["run", "--quiet", "0.csv"][..], &workspace].concat());
    run(&[&["report", "--quiet", "--all"][..], &workspace].concat());
    run(&[
        &["themes", "rename", "late-delivery", "Late"][..],
        &workspace,
    ]
    .concat());
    run(&[&["themes", "commit"][..], &workspace].concat());
    check(&bench.path("ws"), &mode);
    let report = ["report", "--quiet", "--format", "md", "--output", "told"];
    run(&[&report[..], &workspace].concat());
    run(&[&["export", "--output", "export.jsonl"][..], &workspace].concat());
    assert_eq!(mode(&bench.path("told")), 0o775);
    assert_eq!(mode(&bench.path("told/report.md")), 0o664);
    assert_eq!(mode(&bench.path("export.jsonl")), 0o664);
    check(&bench.path("ws"), &mode);
}

#[cfg(unix)]
#[test]
fn links_out_of_a_folder_are_followed_when_asked_only() {
    use std::os::unix::fs::symlink;
    let bench = bench();
    bench.file("in/a.csv", reviews(0..10));
    bench.file("private/b.csv", reviews(10..30));
    symlink(bench.path("private/b.csv"), bench.path("in/b.csv")).unwrap();
    symlink(bench.path("private"), bench.path("in/private")).unwrap();
    symlink("a.csv", bench.path("in/c.csv")).unwrap();
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "in"])
        .ends(0)
        .complains(&[
            "in/b.csv: a link out of the folder was skipped",
            "--follow-links",
        ]);
    assert!(ran.out.contains("10 records"), "{}", ran.out);
    let inspected = bench.vocable(&["inspect", "in"]).ends(0);
    assert!(!inspected.out.contains("b.csv"), "{}", inspected.out);
    let ran = bench
        .vocable(&["run", "--workspace", "ws", "--follow-links", "in"])
        .ends(0);
    assert!(ran.out.contains("in/private/b.csv: 20 rows"), "{}", ran.out);
    assert!(ran.out.contains("30 records"), "{}", ran.out);
    let inspected = bench.vocable(&["inspect", "--follow-links", "in"]).ends(0);
    assert!(inspected.out.contains("b.csv"), "{}", inspected.out);
}
