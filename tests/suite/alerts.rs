//! Alerts in `vocable.toml` and actions in `actions.toml`: what they say, where, and with which exit status.

use crate::support::{Bench, Ran, fourteen_weeks};
use serde_json::Value;
use std::fs;

const REPORT: &str = "ws/reports/2026-W47";

/// Runs the fourteen weeks with these settings and this plan.
fn run(settings: &str, plan: &str) -> (Bench, Ran) {
    let bench = Bench::new();
    bench.file("reviews.csv", fourteen_weeks());
    bench.file("ws/vocable.toml", settings);
    if !plan.is_empty() {
        bench.file("ws/actions.toml", plan);
    }
    let ran = bench.vocable(&["run", "--workspace", "ws", "--lang", "en", "reviews.csv"]);
    (bench, ran)
}

fn read(bench: &Bench, name: &str) -> String {
    let path = bench.path(REPORT).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(bench: &Bench, name: &str) -> Value {
    serde_json::from_str(&read(bench, name)).unwrap()
}

/// The id of the theme most complained about.
fn worst_theme() -> String {
    let (bench, ran) = run("", "");
    ran.ends(0);
    let report = json(&bench, "report.json");
    report["frictions"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_alert_that_fires_is_said_everywhere_and_ends_with_status_four() {
    let settings = "[[alert]]\nname = \"Unhappy week\"\nmeasure = \"nps\"\nbelow = 90\n";
    let (bench, ran) = run(settings, "");
    let ran = ran.ends(4);
    assert!(ran.out.contains("alert: Unhappy week\n"), "{}", ran.out);
    let alerts = json(&bench, "alerts.json");
    assert_eq!(alerts["period"], "2026-W47");
    assert_eq!(alerts["fired"], 1);
    let alert = &alerts["alerts"][0];
    assert_eq!(alert["name"], "Unhappy week");
    assert_eq!(alert["state"], "fired");
    assert_eq!(alert["below"], 90.0);
    let nps = &json(&bench, "report.json")["nps"];
    for part in ["value", "low", "high"] {
        assert_eq!(alert[part], nps[part], "{part}");
    }
    assert!(read(&bench, "report.html").contains("<p>Alert: Unhappy week.</p>"));
    assert!(read(&bench, "report.md").contains("Alert: Unhappy week."));
    let again = bench.vocable(&["report", "--workspace", "ws", "--format", "md"]);
    assert!(again.ends(4).out.contains("alert: Unhappy week\n"));
}

#[test]
fn an_alert_that_stays_quiet_is_in_its_file_only() {
    let (bench, ran) = run("[[alert]]\nmeasure = \"nps\"\nbelow = -90\n", "");
    assert!(!ran.ends(0).out.contains("alert"));
    let alerts = json(&bench, "alerts.json");
    assert_eq!(alerts["fired"], 0);
    assert_eq!(alerts["alerts"][0]["state"], "quiet");
    assert!(!read(&bench, "report.html").contains("Alert:"));
}

#[test]
fn without_alerts_there_is_no_file_of_them() {
    let (bench, ran) = run("", "");
    ran.ends(0);
    assert!(!bench.path(REPORT).join("alerts.json").exists());
}

#[test]
fn an_alert_that_cannot_be_is_refused_with_its_line() {
    for (settings, parts) in [
        (
            "\n[[alert]]\nmeasure = \"happiness\"\nabove = 1\n",
            ["vocable.toml:2", "happiness", "nps, csat, rating"],
        ),
        (
            "[[alert]]\ntheme = \"refund\"\nmeasure = \"nps\"\nabove = 1\n",
            [
                "vocable.toml:1",
                "\"nps\" of a theme",
                "complaints, praise, share",
            ],
        ),
        (
            "[[alert]]\nmeasure = \"nps\"\n",
            ["vocable.toml:1", "above", "moved"],
        ),
        (
            "[[alert]]\nmeasure = \"nps\"\nover = 1\n",
            ["vocable.toml:3", "over", "above"],
        ),
    ] {
        let (bench, ran) = run(settings, "");
        ran.ends(2).complains(&parts);
        assert!(!bench.path("ws/index").exists());
    }
}

#[test]
fn what_cannot_be_evaluated_is_said_and_alarms_nobody() {
    let settings = "[[alert]]\ntheme = \"no-such-theme\"\nmeasure = \"complaints\"\nabove = 0\n\
        [[alert]]\nmeasure = \"ces\"\nabove = 0\n";
    let (bench, ran) = run(settings, "");
    let ran = ran.ends(0);
    for part in [
        "alert no-such-theme: complaints was not evaluated: no theme of this id is named; `vocable themes list`",
        "alert ces was not evaluated: column missing",
    ] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    let alerts = json(&bench, "alerts.json");
    assert_eq!(alerts["fired"], 0);
    assert_eq!(alerts["alerts"][0]["state"], "unknown_theme");
    assert_eq!(alerts["alerts"][1]["state"], "missing");
}

#[test]
fn too_many_refused_rows_win_over_an_alert() {
    let bench = Bench::new();
    bench.file("reviews.csv", fourteen_weeks() + "broken row\n");
    bench.file(
        "ws/vocable.toml",
        "[[alert]]\nmeasure = \"records\"\nabove = 0\n",
    );
    let arguments = [
        "run",
        "--workspace",
        "ws",
        "--max-reject",
        "0",
        "reviews.csv",
    ];
    let ran = bench.vocable(&arguments).ends(3);
    assert!(ran.out.contains("alert: records\n"), "{}", ran.out);
}

#[test]
fn actions_tell_what_their_theme_did_and_which_are_late() {
    let theme = worst_theme();
    let plan = format!(
        "[[action]]\ntheme = \"{theme}\"\naction = \"Answer within a day\"\nowner = \"Camille\"\n\
         due = 2026-11-15\nsince = \"2026-11-02\"\nstatus = \"running\"\n\
         [[action]]\ntheme = \"{theme}\"\naction = \"Hire two\"\ndue = 2026-11-30\n\
         [[action]]\ntheme = \"{theme}\"\naction = \"Say sorry\"\ndue = 2026-11-01\nstatus = \"done\"\n\
         [[action]]\ntheme = \"no-such-theme\"\naction = \"Nothing\"\n"
    );
    let (bench, ran) = run("", &plan);
    let ran = ran.ends(0);
    let message =
        "actions.toml: no theme is called no-such-theme; `vocable themes list` shows the ids";
    assert!(ran.out.contains(message), "{}", ran.out);
    let actions = &json(&bench, "report.json")["actions"];
    // Three weeks of twenty comments since the second of November.
    assert_eq!(actions[0]["comments_since"], 60);
    assert!(actions[0]["complaints_since"].is_f64());
    assert_eq!(actions[0]["against_before"]["n"], 8 * 20);
    assert_eq!(actions[1]["complaints_since"], Value::Null);
    assert_eq!(actions[3]["is_known_theme"], false);
    let page = read(&bench, "report.html");
    let section = page.split("<section id=\"actions\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    assert!(section.contains("complaints since "), "{section}");
    assert_eq!(section.matches("(overdue)").count(), 1, "{section}");
    assert!(section.contains("no theme has this id"));
    for text in ["Answer within a day", "Camille", "Hire two", "Say sorry"] {
        assert!(section.contains(text), "{text}");
    }
}

#[test]
fn a_broken_plan_is_refused_with_its_line_before_anything_is_read() {
    for (plan, parts) in [
        (
            "[[action]]\ntheme = \"a\"\naction = \"b\"\ndue = \"soon\"\n",
            ["actions.toml:4", "soon", "2026-11-23"],
        ),
        (
            "[[action]]\ntheme = \"a\"\naction = \"b\"\nstatus = \"stuck\"\n",
            ["actions.toml:4", "stuck", "running"],
        ),
        (
            "\n[[action]]\ntheme = \"\"\naction = \"b\"\n",
            ["actions.toml:2", "id of a theme", "themes list"],
        ),
        ("[[action]\n", ["actions.toml:1", "", ""]),
    ] {
        let (bench, ran) = run("", plan);
        ran.ends(2).complains(&parts);
        assert!(!bench.path("ws/index").exists());
    }
}
