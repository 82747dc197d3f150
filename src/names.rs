//! The names that payloads use, of members and of parameters, each with a number. A name is looked up once,
//! when it is read; whoever asks for it afterwards compares numbers.

/// Every name of a member that a schema of ours or a lens speaks of, and of every parameter of an order, sorted.
pub static NAMES: [&str; 145] = [
    "$meta",
    "activationParameters",
    "agreement",
    "agreement_date",
    "agreements",
    "alignExpirationDate",
    "amount",
    "applicableTo",
    "at",
    "attestation_accepted",
    "attributes",
    "audit",
    "autorenewal",
    "billingModel",
    "billingPeriod",
    "buyer",
    "by",
    "certificant",
    "certificate",
    "client",
    "constraints",
    "coterming",
    "created",
    "creationDate",
    "creditCheck",
    "currency",
    "customerId",
    "customer_company_name",
    "customer_email",
    "data",
    "deals",
    "details",
    "displayValue",
    "duration",
    "educationSegment",
    "effective_address",
    "effective_city",
    "effective_country",
    "effective_phonenumber",
    "effective_postal_code",
    "effective_state",
    "eligibility",
    "email_address_agreement",
    "error",
    "expirationDate",
    "extendedPrice",
    "externalId",
    "externalIds",
    "first_name_agreement",
    "freezePrices",
    "fulfillment",
    "hidden",
    "href",
    "icon",
    "id",
    "items",
    "key",
    "lastBillingDate",
    "last_name_agreement",
    "licensee",
    "limit",
    "lineItems",
    "lines",
    "links",
    "margins",
    "mca_acceptance",
    "message",
    "microsoft_domain",
    "microsoft_tenant_id",
    "migrationDate",
    "migrationProgram",
    "mpn",
    "name",
    "newId",
    "newMPN",
    "newProductId",
    "newSubscription",
    "nextBillingDate",
    "of",
    "offer_attestation",
    "offset",
    "omitted",
    "operations",
    "orderNumber",
    "ordering",
    "pagination",
    "parameters",
    "parameters.fulfillment",
    "parameters.ordering",
    "partner",
    "partner_on_record_attestation_accepted",
    "placementType",
    "planId",
    "poNumber",
    "ponumber",
    "priceModel",
    "priceTiers",
    "products",
    "program",
    "provisioningDate",
    "qualification",
    "quantity",
    "rates",
    "readonly",
    "required",
    "revision",
    "scheduledOn",
    "settings",
    "specialCost",
    "specialPrice",
    "specialProviderCost",
    "special_qualifications",
    "startDate",
    "status",
    "statusCode",
    "statusNotes",
    "structured_value",
    "subscriptionId",
    "subscriptionPeriod",
    "subscriptions",
    "targetSubscriptionId",
    "tcvs",
    "template",
    "tenant_preference",
    "terminated",
    "terms",
    "total",
    "totalCount",
    "totalRate",
    "type",
    "unique",
    "updated",
    "upgradeStartType",
    "validationCode",
    "value",
    "vendor",
    "vendorAlreadyAccountedTcvs",
    "vendorBillingSettings",
    "vendorDiscounts",
    "vendorRatedExtendedCost",
    "vettingCreateDate",
    "vettingCreatedDate",
    "vettingReason",
    "vettingStatus",
    "website",
];

/// The number of a known name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name(u8);

impl Name {
    /// The name of exactly this text, for a constant; does not compile if it is not known.
    pub const fn known(text: &str) -> Name {
        let mut place = 0;
        while place < NAMES.len() {
            if is_same_text(NAMES[place].as_bytes(), text.as_bytes()) {
                return Name(place as u8);
            }
            place += 1;
        }
        panic!("the name is not known")
    }

    /// The number, below [`Name::COUNT`].
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The member whose value is a name too: that of a parameter.
    pub(crate) const OF_WORDS: Name = Name::known("name");
    /// The member that holds what such a name stands for.
    pub(crate) const VALUE: Name = Name::known("value");

    /// The name of this number, which is one's.
    #[inline(always)]
    pub(crate) fn from_index(index: u8) -> Name {
        Name(index)
    }

    /// The name that a text is but for its letters' case.
    #[cold]
    pub fn in_other_letters(text: &str) -> Option<Name> {
        let place = NAMES
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))?;
        Some(Name(place as u8))
    }

    /// How many numbers a table by name needs.
    pub const COUNT: usize = 256;

    /// The name.
    pub fn as_str(self) -> &'static str {
        NAMES[self.index()]
    }
}

/// What tells a member name from others: the number of a known one, a hash of any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameTag(u32);

/// The bit that a known name's tag has and a hash does not.
const KNOWN: u32 = 1 << 31;

impl NameTag {
    /// The tag of a name.
    pub fn of(name: &str) -> Self {
        Self::of_bytes(name.as_bytes(), 0, name.len())
    }

    /// The tag of the name that takes `len` bytes from `start` on.
    #[inline(always)]
    pub(crate) fn of_bytes(bytes: &[u8], start: usize, len: usize) -> Self {
        let key = Key::at(bytes, start, len);
        let hash = key.hash();
        let place = SLOTS[slot_of(hash)];
        if KEYS[usize::from(place)] == key
            && (key.is_whole()
                || is_same(
                    &bytes[start..start + len],
                    NAMES[usize::from(place)].as_bytes(),
                ))
        {
            Self(KNOWN | u32::from(place))
        } else {
            Self::of_rare(&bytes[start..start + len], hash)
        }
    }

    /// The tag of a name that its slot does not tell.
    #[cold]
    fn of_rare(name: &[u8], hash: u32) -> Self {
        match NAMES.binary_search_by(|known| known.as_bytes().cmp(name)) {
            Ok(place) => Self(KNOWN | place as u32),
            Err(_) => Self(hash >> 1),
        }
    }

    /// The name, if it is a known one.
    #[inline(always)]
    pub fn name(self) -> Option<Name> {
        (self.0 & KNOWN != 0).then_some(Name(self.0 as u8))
    }

    /// The tag of a known name.
    #[inline(always)]
    pub(crate) fn from(name: Name) -> Self {
        Self(KNOWN | u32::from(name.0))
    }

    /// The tag as 32 bits.
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    /// The tag of these bits.
    #[inline(always)]
    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// What is looked at first of a name or word: its length and up to eight bytes, the first lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    head: u64,
    len: usize,
}

impl Key {
    /// The key of what takes `len` bytes from `start` on.
    #[inline(always)]
    pub(crate) fn at(bytes: &[u8], start: usize, len: usize) -> Self {
        let head = first_bytes(bytes, start, len);
        Self { head, len }
    }

    /// Whether nothing else has this key.
    #[inline(always)]
    pub(crate) fn is_whole(self) -> bool {
        self.len <= 8
    }

    /// The key of a name or word.
    pub(crate) const fn of(name: &[u8]) -> Self {
        let mut head = 0;
        let mut byte = if name.len() < 8 { name.len() } else { 8 };
        while byte > 0 {
            byte -= 1;
            head = head << 8 | name[byte] as u64;
        }
        let len = name.len();
        Self { head, len }
    }

    /// A number that is equal for equal names, and rarely for others.
    #[inline(always)]
    const fn hash(self) -> u32 {
        // With this factor, found by trying some thousands, each key of ours has a slot of its own.
        ((self.head ^ (self.len as u64) << 56).wrapping_mul(0xF742_75E7_067C_B197) >> 32) as u32
    }
}

/// The keys of [`NAMES`], by their numbers; behind them keys that no name has.
static KEYS: [Key; Name::COUNT] = {
    let mut keys = [Key {
        head: 0,
        len: usize::MAX,
    }; Name::COUNT];
    let mut place = 0;
    while place < NAMES.len() {
        keys[place] = Key::of(NAMES[place].as_bytes());
        place += 1;
    }
    keys
};

const FREE: u8 = u8::MAX;
const SLOT_BITS: u32 = 10;

/// For the high bits of a name's hash the place of the last name that has them.
static SLOTS: [u8; 1 << SLOT_BITS] = {
    let mut slots = [FREE; 1 << SLOT_BITS];
    let mut place = 0;
    while place < NAMES.len() {
        let slot = slot_of(Key::of(NAMES[place].as_bytes()).hash());
        slots[slot] = place as u8;
        place += 1;
    }
    slots
};

#[inline(always)]
const fn slot_of(hash: u32) -> usize {
    (hash >> (32 - SLOT_BITS)) as usize
}

/// Up to eight bytes from `start` on, the first lowest.
#[inline(always)]
fn first_bytes(bytes: &[u8], start: usize, len: usize) -> u64 {
    match bytes.get(start..).and_then(|rest| rest.first_chunk::<8>()) {
        Some(chunk) => u64::from_le_bytes(*chunk) & LOWEST_BYTES[len.min(8)],
        None => bytes[start..(start + len.min(8)).min(bytes.len())]
            .iter()
            .rev()
            .fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// The masks of as many of a word's lowest bytes.
static LOWEST_BYTES: [u64; 9] = [
    0,
    0xFF,
    0xFFFF,
    0xFF_FFFF,
    0xFFFF_FFFF,
    0xFF_FFFF_FFFF,
    0xFFFF_FFFF_FFFF,
    0xFF_FFFF_FFFF_FFFF,
    u64::MAX,
];

/// Whether two texts of one length are the same. Names and words are short, and for those a call takes
/// longer than the comparison: two overlapping looks see up to thirty-two bytes.
#[inline(always)]
pub(crate) fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match left.len() {
        8..=16 => {
            left.first_chunk::<8>() == right.first_chunk()
                && left.last_chunk::<8>() == right.last_chunk()
        }
        4..8 => {
            left.first_chunk::<4>() == right.first_chunk()
                && left.last_chunk::<4>() == right.last_chunk()
        }
        0..4 => left.iter().zip(right).all(|(a, b)| a == b),
        17..=32 => {
            left.first_chunk::<16>() == right.first_chunk()
                && left.last_chunk::<16>() == right.last_chunk()
        }
        _ => left == right,
    }
}

const fn is_same_text(left: &[u8], right: &[u8]) -> bool {
    let mut place = 0;
    while place < left.len() && place < right.len() && left[place] == right[place] {
        place += 1;
    }
    place == left.len() && place == right.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_by_its_tag_and_no_other_text_is() {
        for name in NAMES {
            let tag = NameTag::of(name);
            assert_eq!(tag.name().map(Name::as_str), Some(name));
            // In the middle of a text the bytes behind the name are no part of it.
            let text = format!("\"{name}\":\"a value of some length\"");
            assert_eq!(NameTag::of_bytes(text.as_bytes(), 1, name.len()), tag);
            assert_eq!(NameTag::of(&format!("{name}!")).name(), None);
        }
        assert_eq!(NameTag::of("").name(), None);
        assert_eq!(Name::known("type").as_str(), "type");
    }

    #[test]
    fn names_are_sorted_and_few_enough_for_a_byte() {
        assert!(NAMES.is_sorted_by(|a, b| a < b));
        assert!(NAMES.len() < usize::from(FREE));
    }
}
