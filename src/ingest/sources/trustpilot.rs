//! Trustpilot: the JSON of its API, and the CSV of Trustpilot Business.
//!
//! Trustpilot documents no names of columns for its CSV: the English ones here are those public readers of such files
//! use, the French ones are translations nobody has verified. Other names need a mapping file. `Reference Id` names the
//! customer's order and is kept as it is.

use super::{Columns, Source};
use crate::ingest::roles::Role::{
    Customer, Date, FirstReply, Id, Ignore, Keep, Language, Product, Rating, Text, Title,
};

pub(super) static TRUSTPILOT: Source = Source {
    name: "Trustpilot",
    is_source,
    columns: &[
        // Of the API.
        ("id", Id),
        ("stars", Rating),
        ("title", Title),
        ("text", Text),
        ("createdAt", Date),
        ("language", Language),
        ("location.name", Product),
        ("businessUnit.displayName", Product),
        ("businessUnit.identifyingName", Product),
        ("consumer.id", Customer),
        ("consumer.displayName", Customer),
        ("consumer.displayLocation", Ignore),
        ("companyReply.createdAt", FirstReply),
        ("companyReply.text", Ignore),
        ("referralEmail", Ignore),
        ("referenceId", Keep),
        // Of the CSV.
        ("Review Id", Id),
        ("Review Stars", Rating),
        ("Stars", Rating),
        ("Review Rating", Rating),
        ("Review Title", Title),
        ("Review Content", Text),
        ("Review Text", Text),
        ("Review Created (UTC)", Date),
        ("Review Created", Date),
        ("Review Created Date (UTC)", Date),
        ("Review Language", Language),
        ("Location Name", Product),
        ("Webshop Name", Product),
        ("Business Unit Name", Product),
        ("Business Name", Product),
        ("Domain Url", Product),
        ("Domain Name", Product),
        ("Business Unit Id", Product),
        ("Review Consumer User Id", Customer),
        ("Consumer User Id", Customer),
        ("Consumer Id", Customer),
        ("Review Username", Customer),
        ("Consumer Name", Customer),
        ("Review User Email", Ignore),
        ("Review Consumer Email", Ignore),
        ("Consumer Email", Ignore),
        ("Reviewer Email", Ignore),
        ("Company Reply Date (UTC)", FirstReply),
        ("Business Reply Date (UTC)", FirstReply),
        ("Company Response Date (UTC)", FirstReply),
        ("Reply Date (UTC)", FirstReply),
        ("Reply Date", FirstReply),
        ("Company Reply", Ignore),
        ("Company Response", Ignore),
        ("Business Reply", Ignore),
        ("Reply", Ignore),
        ("Source Of Review", Keep),
        // The same, as a French account may call them.
        ("Identifiant de l'avis", Id),
        ("ID de l'avis", Id),
        ("Étoiles", Rating),
        ("Étoiles de l'avis", Rating),
        ("Nombre d'étoiles", Rating),
        ("Note de l'avis", Rating),
        ("Titre de l'avis", Title),
        ("Contenu de l'avis", Text),
        ("Texte de l'avis", Text),
        ("Date de création de l'avis (UTC)", Date),
        ("Avis créé (UTC)", Date),
        ("Avis créé le (UTC)", Date),
        ("Date de l'avis (UTC)", Date),
        ("Date de l'avis", Date),
        ("Langue de l'avis", Language),
        ("Nom de l'emplacement", Product),
        ("Nom de l'établissement", Product),
        ("Nom de la boutique", Product),
        ("Nom de domaine", Product),
        ("URL du domaine", Product),
        ("Identifiant du consommateur", Customer),
        ("Nom d'utilisateur", Customer),
        ("Nom du consommateur", Customer),
        ("E-mail du consommateur", Ignore),
        ("Date de réponse de l'entreprise (UTC)", FirstReply),
        ("Date de réponse (UTC)", FirstReply),
        ("Date de réponse", FirstReply),
        ("Réponse de l'entreprise", Ignore),
    ],
    channel: Some("Trustpilot"),
    time_zone: Some("UTC"),
    rating_scale: Some(5.0),
    ..Source::BLANK
};

fn is_source(columns: &Columns) -> bool {
    let is_api = columns.are_of_json()
        && columns.have_all(&["stars", "createdAt"])
        && columns.have_any(&["consumer.id", "consumer.displayName"])
        && (columns.have_below("businessUnit")
            || columns.have_below("companyReply")
            || columns.have("companyReply"));
    let is_english = columns.have("Review Stars")
        && columns.have_any(&["Review Content", "Review Title", "Review Text"])
        && columns.have_any(&[
            "Review Created (UTC)",
            "Review Username",
            "Review Consumer User Id",
            "Consumer User Id",
            "Business Unit Id",
            "Webshop Name",
            "Domain Url",
            "Company Reply Date (UTC)",
            "Business Reply Date (UTC)",
            "Reference Id",
        ]);
    let is_french = columns.have_any(&["Étoiles", "Étoiles de l'avis", "Nombre d'étoiles"])
        && columns.have_any(&["Contenu de l'avis", "Texte de l'avis"])
        && columns.have_any(&[
            "Date de création de l'avis (UTC)",
            "Avis créé (UTC)",
            "Avis créé le (UTC)",
            "Date de l'avis (UTC)",
            "Date de réponse de l'entreprise (UTC)",
            "Identifiant de référence",
        ]);
    is_api || columns.are_of_a_table() && (is_english || is_french)
}
