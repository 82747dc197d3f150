//! Facts from outside the payload that a check depends on: the date, the operation, the partner's domains.

use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use crate::answer::Answer;
use crate::catalogue::Catalogue;

/// Facts from outside the payload. A rule that needs one that is not set reports nothing.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The date of the check.
    pub today: Option<Date>,
    /// What certificates are about to be used for.
    pub operation: Option<Operation>,
    /// The partner's own mail domains, in lower case.
    pub partner_domains: Vec<String>,
    /// How the partner sells. Without it, indirectly.
    pub sales_model: Option<SalesModel>,
    /// The marketplace that orders go to.
    pub marketplace_region: Option<MarketplaceRegion>,
    /// The part numbers that can be ordered.
    pub catalogue: Option<Arc<Catalogue>>,
    /// The part numbers that are sold only with the offer attestation.
    pub attested_products: Vec<String>,
    /// What the marketplace answered to the validation of the order.
    pub answer: Option<Arc<Answer>>,
}

/// A fact that has one of a few names.
macro_rules! named_fact {
    ($(#[$doc:meta])* $fact:ident { $($(#[$value_doc:meta])* $value:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $fact {
            $($(#[$value_doc])* $value,)+
        }

        impl $fact {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The name of the value.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)+
                }
            }
        }

        impl FromStr for $fact {
            type Err = ();

            fn from_str(name: &str) -> Result<Self, ()> {
                let mut values = Self::ALL.iter().copied();
                values.find(|value| value.as_str() == name).ok_or(())
            }
        }
    };
}

named_fact! {
    /// What a certificate is about to be used for.
    Operation {
        /// It is created.
        Create = "create",
        /// It is enrolled again.
        ReEnroll = "re-enroll",
    }
}

named_fact! {
    /// How a partner sells Microsoft's products.
    SalesModel {
        /// The partner is billed by Microsoft and has no reseller.
        Direct = "direct",
        /// The partner is a provider, or buys from one.
        Indirect = "indirect",
    }
}

named_fact! {
    /// The marketplace that orders go to.
    MarketplaceRegion {
        /// The marketplace for all other countries.
        Worldwide = "worldwide",
        /// The marketplace in China, operated by 21Vianet.
        China = "china",
    }
}
