//! What the name of a column says of its values: that they are personal, or numbers of things, or versions.
//!
//! Names are read word by word: accents, case, `camelCase` and punctuation do not count, so "Requester
//! email", `reviewerNickname`, "Nom du client" and `author.name.label` are found without being listed. Employees
//! (agent, assignee) are not customers, and identifiers ("Requester id") tell records apart without naming: both stay.

/// What the name of a column says of the values below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Column {
    /// The whole value is personal.
    pub is_personal: bool,
    /// What it holds is no person.
    pub is_thing: bool,
    /// A value of digits only numbers a thing.
    pub is_reference: bool,
    /// Numbers with dots are versions.
    pub is_version: bool,
    /// It holds the address or the number of a thing: "store address", "SIRET du magasin".
    pub is_place: bool,
}

/// What the key of a value says, inside something another key spoke of. `words` is room to work in.
pub(super) fn below(parent: Column, key: &str, words: &mut String) -> Column {
    let mut column = Column {
        is_personal: parent.is_personal,
        ..Column::default()
    };
    let mut is_in_thing = parent.is_thing;
    // "author.name.label" is a path: each part is a key of its own.
    for part in key.split(['.', '/', '>', '[', ']']) {
        let said = said(part, is_in_thing, words);
        is_in_thing = said.is_thing;
        column = Column {
            is_personal: column.is_personal || said.is_personal,
            is_thing: said.is_thing,
            is_reference: column.is_reference || said.is_reference,
            is_version: column.is_version || said.is_version,
            is_place: column.is_place || said.is_place,
        };
    }
    column
}

/// What one key says by itself.
fn said(key: &str, is_in_thing: bool, words: &mut String) -> Column {
    fold(key, words);
    let mut column = Column {
        is_personal: WHOLE.binary_search(&words.as_str()).is_ok(),
        ..Column::default()
    };
    let mut is_person = false;
    let mut is_name = false;
    let mut is_else = false;
    for word in words.split(' ') {
        match WORDS.binary_search_by_key(&word, |(entry, _)| entry) {
            Ok(place) => match WORDS[place].1 {
                Says::Person => is_person = true,
                Says::Name => is_name = true,
                Says::Whose => continue,
                Says::Thing => column.is_thing = true,
                Says::Reference => column.is_reference = true,
                Says::NumberedThing => (column.is_thing, column.is_reference) = (true, true),
                Says::Version => column.is_version = true,
            },
            Err(_) => is_else |= !word.bytes().all(|byte| byte.is_ascii_digit()),
        }
    }
    column.is_place = is_person && column.is_thing;
    is_else |= column.is_thing || column.is_reference || column.is_version;
    column.is_personal |= !is_else && (is_person || is_name && !is_in_thing);
    column
}

/// Writes the words of a key: lowercase, without accents, one space between them.
fn fold(key: &str, words: &mut String) {
    words.clear();
    let mut characters = key.chars().peekable();
    let mut was_lowercase = false;
    let mut was_uppercase = false;
    while let Some(character) = characters.next() {
        if ('\u{300}'..='\u{36f}').contains(&character) {
            continue;
        }
        if !character.is_alphanumeric() {
            if !words.ends_with(' ') {
                words.push(' ');
            }
            (was_lowercase, was_uppercase) = (false, false);
            continue;
        }
        let is_uppercase = character.is_uppercase();
        // firstName, IPAddress.
        let is_start = is_uppercase
            && (was_lowercase
                || was_uppercase && characters.peek().is_some_and(|next| next.is_lowercase()));
        if is_start {
            words.push(' ');
        }
        if character.is_ascii() {
            words.push(character.to_ascii_lowercase());
        } else {
            words.extend(character.to_lowercase().map(without_accent));
        }
        (was_lowercase, was_uppercase) = (!is_uppercase, is_uppercase);
    }
    let length = words.trim_end().len();
    words.truncate(length);
    words.drain(..length - words.trim_start().len());
}

/// The plain letter under the accents of French.
pub(super) fn without_accent(character: char) -> char {
    match character {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// What one word of a name says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// Personal, beside [`Says::Whose`] only.
    Person,
    /// Personal, beside [`Says::Whose`] only, and not inside a [`Says::Thing`].
    Name,
    /// Whose or which: changes nothing.
    Whose,
    /// What has a name without being a person.
    Thing,
    /// What things are numbered by.
    Reference,
    /// Both of these.
    NumberedThing,
    /// Four numbers with dots are no address.
    Version,
}

/// Every word that says something, without accents and in order.
const WORDS: [(&str, Says); 237] = [
    ("a", Says::Whose),
    ("abonne", Says::Whose),
    ("account", Says::Whose),
    ("acheteur", Says::Whose),
    ("address", Says::Person),
    ("addresses", Says::Person),
    ("adherent", Says::Whose),
    ("adresse", Says::Person),
    ("adresses", Says::Person),
    ("and", Says::Whose),
    ("app", Says::Thing),
    ("application", Says::Thing),
    ("assure", Says::Whose),
    ("au", Says::Whose),
    ("auteur", Says::Person),
    ("author", Says::Person),
    ("autrice", Says::Person),
    ("billing", Says::Whose),
    ("boutique", Says::Thing),
    ("branch", Says::Thing),
    ("brand", Says::Thing),
    ("build", Says::Version),
    ("buyer", Says::Whose),
    ("campagne", Says::Thing),
    ("campaign", Says::Thing),
    ("canal", Says::Thing),
    ("car", Says::Whose),
    ("case", Says::Reference),
    ("categorie", Says::Thing),
    ("category", Says::Thing),
    ("cell", Says::Whose),
    ("cellulaire", Says::Whose),
    ("channel", Says::Thing),
    ("city", Says::Thing),
    ("client", Says::Whose),
    ("cliente", Says::Whose),
    ("clients", Says::Whose),
    ("colis", Says::Reference),
    ("commande", Says::Reference),
    ("company", Says::Thing),
    ("complet", Says::Whose),
    ("complete", Says::Whose),
    ("consumer", Says::Whose),
    ("contact", Says::Whose),
    ("country", Says::Thing),
    ("courriel", Says::Person),
    ("current", Says::Whose),
    ("customer", Says::Whose),
    ("d", Says::Whose),
    ("de", Says::Whose),
    ("delivery", Says::Whose),
    ("demandeur", Says::Person),
    ("des", Says::Whose),
    ("destinataire", Says::Person),
    ("device", Says::Thing),
    ("display", Says::Whose),
    ("domicile", Says::Whose),
    ("dossier", Says::Reference),
    ("du", Says::Whose),
    ("e", Says::Whose),
    ("ean", Says::Reference),
    ("electronique", Says::Whose),
    ("email", Says::Person),
    ("enseigne", Says::Thing),
    ("entreprise", Says::Thing),
    ("epoch", Says::Reference),
    ("et", Says::Whose),
    ("event", Says::Thing),
    ("expediteur", Says::Person),
    ("facturation", Says::Whose),
    ("facture", Says::Reference),
    ("famille", Says::Whose),
    ("family", Says::Whose),
    ("fax", Says::Person),
    ("field", Says::Thing),
    ("fields", Says::Thing),
    ("file", Says::Thing),
    ("firmware", Says::Version),
    ("first", Says::Whose),
    ("firstname", Says::Person),
    ("fixe", Says::Whose),
    ("forename", Says::Person),
    ("form", Says::Thing),
    ("formulaire", Says::Thing),
    ("full", Says::Whose),
    ("fullname", Says::Person),
    ("given", Says::Whose),
    ("group", Says::Thing),
    ("groupe", Says::Thing),
    ("gsm", Says::Person),
    ("gtin", Says::Reference),
    ("guest", Says::Whose),
    ("handle", Says::Person),
    ("home", Says::Whose),
    ("hotel", Says::Thing),
    ("iban", Says::Person),
    ("immat", Says::Person),
    ("immatriculation", Says::Person),
    ("immatriculations", Says::Person),
    ("invoice", Says::Reference),
    ("ip", Says::Whose),
    ("ipv4", Says::Whose),
    ("ipv6", Says::Whose),
    ("isbn", Says::Reference),
    ("item", Says::Thing),
    ("jeune", Says::Whose),
    ("l", Says::Whose),
    ("la", Says::Whose),
    ("last", Says::Whose),
    ("lastname", Says::Person),
    ("le", Says::Whose),
    ("les", Says::Whose),
    ("licence", Says::Whose),
    ("license", Says::Whose),
    ("lieu", Says::Thing),
    ("ligne", Says::Whose),
    ("line", Says::Whose),
    ("livraison", Says::Whose),
    ("location", Says::Thing),
    ("login", Says::Person),
    ("magasin", Says::Thing),
    ("mail", Says::Person),
    ("main", Says::Whose),
    ("marque", Says::Thing),
    ("member", Says::Whose),
    ("message", Says::Reference),
    ("middle", Says::Whose),
    ("millis", Says::Reference),
    ("mineralogique", Says::Whose),
    ("mobile", Says::Whose),
    ("n", Says::Whose),
    ("naissance", Says::Whose),
    ("name", Says::Name),
    ("names", Says::Name),
    ("nickname", Says::Person),
    ("nir", Says::Person),
    ("no", Says::Whose),
    ("nom", Says::Name),
    ("noms", Says::Name),
    ("num", Says::Whose),
    ("number", Says::Whose),
    ("numero", Says::Whose),
    ("of", Says::Whose),
    ("order", Says::Reference),
    ("organisation", Says::Thing),
    ("organization", Says::Thing),
    ("owner", Says::Whose),
    ("package", Says::Thing),
    ("page", Says::Thing),
    ("parcel", Says::Reference),
    ("passenger", Says::Whose),
    ("patient", Says::Whose),
    ("patronyme", Says::Person),
    ("personal", Says::Whose),
    ("personne", Says::Whose),
    ("personnel", Says::Whose),
    ("phone", Says::Person),
    ("place", Says::Thing),
    ("plan", Says::Thing),
    ("plaque", Says::Person),
    ("plaques", Says::Person),
    ("plate", Says::Person),
    ("plates", Says::Person),
    ("portable", Says::Whose),
    ("postal", Says::Whose),
    ("postale", Says::Whose),
    ("prenom", Says::Person),
    ("prenoms", Says::Person),
    ("primary", Says::Whose),
    ("principal", Says::Whose),
    ("principale", Says::Whose),
    ("product", Says::NumberedThing),
    ("produit", Says::NumberedThing),
    ("program", Says::Thing),
    ("pseudo", Says::Person),
    ("pseudonym", Says::Person),
    ("pseudonyme", Says::Person),
    ("question", Says::Thing),
    ("rcs", Says::Person),
    ("receipt", Says::Reference),
    ("recipient", Says::Person),
    ("reclamation", Says::Reference),
    ("reference", Says::Reference),
    ("release", Says::Version),
    ("requester", Says::Person),
    ("respondent", Says::Whose),
    ("response", Says::Reference),
    ("restaurant", Says::Thing),
    ("review", Says::Reference),
    ("reviewer", Says::Person),
    ("rib", Says::Person),
    ("rue", Says::Person),
    ("s", Says::Whose),
    ("screen", Says::Whose),
    ("screenname", Says::Person),
    ("secondary", Says::Whose),
    ("sender", Says::Person),
    ("service", Says::Thing),
    ("shipping", Says::Whose),
    ("shop", Says::Thing),
    ("shopper", Says::Whose),
    ("siren", Says::Person),
    ("siret", Says::Person),
    ("site", Says::Thing),
    ("sku", Says::Reference),
    ("store", Says::Thing),
    ("street", Says::Person),
    ("submitter", Says::Person),
    ("subscriber", Says::Whose),
    ("suivi", Says::Reference),
    ("supplied", Says::Whose),
    ("surname", Says::Person),
    ("surnom", Says::Person),
    ("survey", Says::Thing),
    ("tag", Says::Thing),
    ("tags", Says::Thing),
    ("team", Says::Thing),
    ("tel", Says::Person),
    ("telephone", Says::Person),
    ("telephones", Says::Person),
    ("the", Says::Whose),
    ("ticket", Says::Reference),
    ("timestamp", Says::Reference),
    ("tracking", Says::Reference),
    ("transaction", Says::Reference),
    ("tweet", Says::Reference),
    ("user", Says::Whose),
    ("username", Says::Person),
    ("usuel", Says::Whose),
    ("utilisateur", Says::Whose),
    ("vehicle", Says::Whose),
    ("vehicule", Says::Whose),
    ("version", Says::Version),
    ("voiture", Says::Whose),
    ("votre", Says::Whose),
    ("work", Says::Whose),
    ("your", Says::Whose),
];

/// Whole names of columns that hold something personal no word above tells.
const WHOLE: [&str; 26] = [
    "birth date",
    "birthdate",
    "birthday",
    "car registration",
    "company number",
    "company registration number",
    "date de naissance",
    "date of birth",
    "dob",
    "i pv4",
    "i pv6",
    "ip",
    "ipv4",
    "ipv6",
    "n tva",
    "numero de securite sociale",
    "numero de tva",
    "numero de tva intracommunautaire",
    "numero tva",
    "registration number",
    "securite sociale",
    "tva intracommunautaire",
    "vat id",
    "vat number",
    "vehicle registration",
    "vehicle registration number",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_personal(key: &str) -> bool {
        below(Column::default(), key, &mut String::new()).is_personal
    }

    #[test]
    fn columns_that_name_a_person_are_masked_whole() {
        for key in [
            "author",
            "Auteur",
            "nom",
            "Nom",
            "NOM",
            "prenom",
            "Prénom",
            "pre\u{301}nom",
            "name",
            "first_name",
            "last_name",
            "firstName",
            "reviewer_name",
            "reviewerNickname",
            "username",
            "User name",
            "Requester",
            "Requester email",
            "Submitter",
            "adresse",
            "Adresse postale",
            "Adresse e-mail",
            "E-mail",
            "email",
            "Email Address",
            "courriel",
            "Téléphone",
            "Tél.",
            "phone",
            "Phone number",
            "N° de téléphone",
            "IBAN",
            "RIB",
            "IP",
            "IPAddress",
            "IP Address",
            "RecipientLastName",
            "RecipientFirstName",
            "RecipientEmail",
            "SuppliedEmail",
            "SuppliedName",
            "Nom du client",
            "Nom et prénom",
            "Nom d'utilisateur",
            "Nom de famille",
            "Votre adresse e-mail",
            "Customer Name",
            "customer_email",
            "displayName",
            "screen_name",
            "Full name",
            "author.name.label",
            "reviewer.displayName",
            "via.source.from.name",
            "Address line 1",
            "Date de naissance",
            "dateOfBirth",
            "fullname",
            "pseudo",
            "contact/phone",
            "siret",
            "N° SIRET",
            "siren_client",
            "RCS",
            "Numéro de TVA",
            "VAT number",
            "immatriculation",
            "Immatriculation du véhicule",
            "Plaque",
            "licensePlate",
            "plate_number",
            "vehicle registration",
            "rue",
            "street",
            "Adresse 2",
            "ipv6",
        ] {
            assert!(is_personal(key), "{key}");
        }
    }

    #[test]
    fn columns_that_name_a_thing_stay() {
        for key in [
            "",
            "Package Name",
            "App Version Name",
            "Nom du produit",
            "product_name",
            "productName",
            "Product name",
            "Company name",
            "Nom du magasin",
            "store address",
            "Requester id",
            "Requester domain",
            "author_id",
            "Reviewer Language",
            "Review Link",
            "Assignee",
            "Agent name",
            "Organization",
            "Group",
            "channel",
            "ville",
            "Code postal",
            "note",
            "Rating",
            "Nombre de mails",
            "Emails sent",
            "Number of calls",
            "Respondent ID",
            "customer",
            "product.name",
            "brand/name",
            "Satisfaction téléphone",
            "e",
            "Duration (in seconds)",
            "Device",
            "mobile",
            "Via",
            "Tags",
            "nombre",
            "number",
            "handle time",
            "2024",
            "TVA",
            "véhicule",
            "registration date",
            "siret du magasin",
        ] {
            assert!(!is_personal(key), "{key}");
        }
    }

    #[test]
    fn tables_are_in_order() {
        let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        for table in [words.as_slice(), &WHOLE] {
            assert!(table.is_sorted_by(|one, next| one < next));
            for entry in table {
                let mut words = String::new();
                fold(entry, &mut words);
                assert_eq!(words, *entry);
            }
        }
    }
}
