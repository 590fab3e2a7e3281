//! Queries: read, asked of records, and answered as numbers that add up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use vocable::{
    analysis::{Settings, Stamp, protect},
    cleaning::fold_duplicates,
    index::{Asked, Page, Query, SavedSearch, Sort},
    ingest,
    language::Stems,
    observe::Nobody,
    privacy,
    workspace::{Incoming, Workspace},
};
use vocable_fuzz::{check_sentence, file, folder, lexicons, prepare};

const DEMO: &[u8] = include_bytes!("../../corpora/demo/avis_boutique.csv");

fn workspace() -> &'static (Workspace, Stems) {
    static WORKSPACE: OnceLock<(Workspace, Stems)> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let rows: Vec<&[u8]> = DEMO
            .split_inclusive(|byte| *byte == b'\n')
            .take(60)
            .collect();
        let path = file("demo.csv", &rows.concat());
        let mut imported = ingest::read(&[path], &ingest::Settings::default(), &Nobody)
            .expect("the demo can be read");
        protect(
            &mut imported.feedback,
            &privacy::Settings::default(),
            &privacy::Key::new([7; 32]),
        );
        let incoming = Incoming {
            feedback: fold_duplicates(imported.feedback, &mut imported.files),
            files: imported.files,
            rejected: imported.rejected,
        };
        let mut workspace = Workspace::open_or_create(&folder().join("workspace"), lexicons())
            .expect("a workspace can be made");
        workspace
            .update(
                incoming,
                false,
                lexicons(),
                &Settings::default(),
                Stamp::default(),
                &Nobody,
            )
            .expect("the demo can be stored");
        (workspace, lexicons().into())
    })
}

fuzz_target!(init: { prepare(); workspace(); }, |bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let query = match Query::parse(&text) {
        Ok(query) => query,
        Err(error) => return check_sentence(&error.to_string()),
    };
    let saved = SavedSearch { name: "a".to_owned(), query: text.into_owned(), watch: true };
    assert_eq!(saved.check(), Ok(()));
    let (workspace, stems) = workspace();
    let mut search = workspace.search(stems).expect("the workspace is whole");
    let keys = match search.keys(&query) {
        Ok(keys) => keys,
        Err(error) => return check_sentence(&error.to_string()),
    };
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    for sort in [Sort::Relevance, Sort::Date, Sort::Sentiment] {
        let mut page = Page { sort, limit: 7, after: None };
        let mut met = Vec::new();
        loop {
            let found = search.find(&query, &page).expect("what has keys is found");
            assert_eq!(found.total, keys.len() as u64);
            for hit in &found.hits {
                assert!(hit.rank.is_finite());
                let mut last = 0;
                for &(start, end) in &hit.highlights {
                    assert!(last <= start && start < end);
                    assert!(hit.record.feedback.text.get(start as usize..end as usize).is_some());
                    last = end;
                }
                met.push(hit.record.feedback.key.to_string());
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        met.sort_unstable();
        assert!(met == keys, "page by page, {:?} finds other records", query.asked());
    }
    let others = Query::default().and(Asked::Not(Box::new(query.asked().clone())));
    let others = search.keys(&others).expect("what is asked can be denied");
    let all = search.keys(&Query::default()).expect("everything can be asked for");
    let mut both = [keys.clone(), others].concat();
    both.sort_unstable();
    assert!(both == all, "{:?} and its contrary are not everything", query.asked());
    let counts = search.count_by(&query, &["lang".to_owned()]).expect("languages can be counted");
    let counted: u64 = counts.rows.iter().map(|row| row.count).sum();
    assert_eq!(counted, keys.len() as u64);
});
