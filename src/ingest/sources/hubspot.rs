//! HubSpot tickets: exports by internal names or by labels, and the JSON of its API.
//!
//! `time_to_close` and `time_to_first_agent_reply` count milliseconds in the API; exports by label write them as hours.
//! English labels other than "Create date", "Ticket status" and "Ticket owner", and all French ones, are not verified.
//! Labels stand for dates in the zone of the account, which no file names: they are read in the zone of the report.

use super::{Columns, Source};
use crate::ingest::{
    record::Cells,
    roles::Role::{
        Channel, Closed, Customer, Date, FirstReply, Id, Ignore, Keep, Product, Status, Text, Title,
    },
    vocabulary::Vocabulary,
};
use std::borrow::Cow;

pub(super) static HUBSPOT: Source = Source {
    name: "HubSpot",
    is_source,
    columns: &[
        // Dates go before delays: a delay in a cell says nothing of its unit.
        ("hs_ticket_id", Id),
        ("hs_object_id", Id),
        ("subject", Title),
        ("content", Text),
        ("createdate", Date),
        ("first_agent_reply_date", FirstReply),
        ("time_to_first_agent_reply", FirstReply),
        ("closed_date", Closed),
        ("time_to_close", Closed),
        ("source_type", Channel),
        ("hs_pipeline_stage", Status),
        ("product", Product),
        ("hs_all_associated_contact_ids", Customer),
        ("hs_lastmodifieddate", Keep),
        ("hubspot_owner_id", Keep),
        // Of the API.
        ("properties.hs_ticket_id", Id),
        ("properties.hs_object_id", Id),
        ("properties.subject", Title),
        ("properties.content", Text),
        ("properties.createdate", Date),
        ("properties.first_agent_reply_date", FirstReply),
        ("properties.time_to_first_agent_reply", FirstReply),
        ("properties.closed_date", Closed),
        ("properties.time_to_close", Closed),
        ("properties.source_type", Channel),
        ("properties.hs_pipeline_stage", Status),
        ("properties.product", Product),
        ("properties.hs_all_associated_contact_ids", Customer),
        ("id", Id),
        ("createdAt", Date),
        // By labels.
        ("Ticket ID", Id),
        ("Record ID", Id),
        ("Ticket name", Title),
        ("Ticket description", Text),
        ("Create date", Date),
        ("First agent email response date", FirstReply),
        ("First agent reply date", FirstReply),
        ("Time to first agent email reply", FirstReply),
        ("Time to first agent email reply (HH:mm:ss)", FirstReply),
        ("Time to first agent reply", FirstReply),
        ("Time to first agent reply (HH:mm:ss)", FirstReply),
        ("Close date", Closed),
        ("Time to close", Closed),
        ("Time to close (HH:mm:ss)", Closed),
        ("Source", Channel),
        ("Ticket status", Status),
        ("Associated Contact IDs", Customer),
        ("Associated Contact", Customer),
        ("Associated Company", Customer),
        ("Contact email", Ignore),
        ("ID du ticket", Id),
        ("ID de fiche d'informations", Id),
        ("Nom du ticket", Title),
        ("Description du ticket", Text),
        ("Date de création", Date),
        ("Délai de première réponse de l'agent", FirstReply),
        ("Délai avant la première réponse de l'agent", FirstReply),
        ("Date de fermeture", Closed),
        ("Délai de fermeture", Closed),
        ("Statut du ticket", Status),
        ("Identifiants de contacts associés", Customer),
        ("Contact associé", Customer),
        ("Entreprise associée", Customer),
    ],
    is_mail: true,
    adjust: Some(adjust),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    let has_internal = |prefix: &str| {
        let have = |name: &str| columns.have(&format!("{prefix}{name}"));
        let is_hubspot = [
            "hs_ticket_id",
            "hs_object_id",
            "hs_pipeline",
            "hs_pipeline_stage",
            "hs_ticket_priority",
        ];
        is_hubspot.into_iter().any(have) && (have("subject") || have("content"))
    };
    let has_labels = columns.have_all(&["Ticket name", "Create date"])
        && columns.have_any(&[
            "Ticket description",
            "Ticket status",
            "Ticket owner",
            "Pipeline",
        ]);
    let has_french = columns.have_all(&["Nom du ticket", "Date de création"])
        && columns.have_any(&[
            "Description du ticket",
            "Statut du ticket",
            "Propriétaire du ticket",
            "Pipeline",
        ]);
    has_internal("")
        || columns.are_of_json() && has_internal("properties.")
        || columns.are_of_a_table() && (has_labels || has_french)
}

/// Milliseconds of more digits than this are a point in time, and not a delay.
const LONGEST_DELAY: usize = 12;

fn adjust(cells: &mut Cells<'_>, vocabulary: &Vocabulary) {
    for role in [FirstReply, Closed] {
        let cell = cells.filled(role, vocabulary);
        let is_number = cell.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && (1..=LONGEST_DELAY).contains(&cell.len()) {
            let delay = format!("{cell} ms");
            cells.hold(role, Cow::Owned(delay));
        }
    }
    // Several contacts: the first is who asked.
    if let Some((first, _)) = cells.cell(Customer).split_once(';') {
        let first = first.trim().to_owned();
        cells.hold(Customer, Cow::Owned(first));
    }
}
