//! Compiling a schema to shapes.

use serde_json::{Map, Value};

use super::FastValidator;
use super::shape::{
    AllowedString, Branch, BranchProperty, Branches, CompiledShape, Condition, MAX_CAPTURED,
    MaskedByte, NO_INDEX, NO_SHAPE, ObjectConstraint, Prefix, PropertyConstraint, bit_of,
};
use crate::json::{Kind, KnownName, PrefixKey};
use crate::names;

/// Keywords that constrain nothing.
const ANNOTATIONS: [&str; 6] = [
    "$id",
    "$comment",
    "title",
    "description",
    "examples",
    "default",
];

/// The drafts in which every keyword that is compiled here has the same meaning, by their URIs without
/// scheme and fragment. In draft 4, `1.0` is not an integer; drafts 4 and 6 have no `if`.
const DRAFTS: [&str; 3] = [
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft/2020-12/schema",
];

/// The highest numeric limit; a float represents it and every lower one exactly.
const MAX_LIMIT: u64 = 1 << 53;

/// The highest number of properties that a shape may know, one bit each.
const MAX_PROPERTIES: usize = u64::BITS as usize;

/// A compiled part of a schema.
struct Compiled<T> {
    part: T,
    /// Whether every constraint of the part is compiled, so that a refusal is as certain as an acceptance.
    is_exact: bool,
}

impl FastValidator {
    /// Compiles a schema. One with references, or of a draft not listed in [`DRAFTS`], accepts nothing.
    pub(in crate::schema) fn compile(schema: &Value) -> Self {
        let mut validator = FastValidator {
            shapes: Vec::new(),
            root: None,
        };
        validator.root = validator.compile_shape(schema).map(|root| root.part);
        validator
    }

    /// Compiles one schema and returns the index of its shape. `None` if it is undecidable here.
    fn compile_shape(&mut self, schema: &Value) -> Option<Compiled<u16>> {
        let mut shape = CompiledShape::default();
        let mut is_exact = true;
        match schema {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    is_exact &= self.compile_keyword(&mut shape, keyword, value)?;
                }
                // The properties must have their indices first.
                let object = self.compile_object_constraint(keywords, &mut shape)?;
                if object.part.condition.is_some() && !shape.is_object_only() {
                    return None;
                }
                shape.object = object.part;
                is_exact &= object.is_exact;
                shape.accepts_pairs = self.accepts_pairs(&shape);
            }
            Value::Bool(true) => {}
            _ => return None,
        }
        if shape.property_count > MAX_PROPERTIES {
            return None;
        }
        let part = self.push_shape(shape)?;
        Some(Compiled { part, is_exact })
    }

    /// Adds a keyword to a shape and returns whether it is compiled exactly. `None` if it may constrain
    /// the value in a way that the fast path does not know.
    fn compile_keyword(
        &mut self,
        shape: &mut CompiledShape,
        keyword: &str,
        value: &Value,
    ) -> Option<bool> {
        match keyword {
            "type" => shape.set_types(value)?,
            "properties" => return self.compile_properties(shape, value.as_object()?),
            "additionalProperties" if *value == Value::Bool(false) => shape.is_closed = true,
            "items" => {
                let items = self.compile_shape(value)?;
                shape.items = Some(items.part);
                return Some(items.is_exact);
            }
            "minItems" => shape.min_items = value.as_u64()?.try_into().ok()?,
            "minLength" if *value == 1 => shape.is_non_empty = true,
            "enum" => {
                let strings: Option<Vec<&str>> =
                    value.as_array()?.iter().map(Value::as_str).collect();
                shape.restrict_strings(strings?);
            }
            "const" => shape.restrict_strings(vec![value.as_str()?]),
            "exclusiveMinimum" => shape.exclusive_minimum = Some(limit_of(value)?),
            "minimum" => shape.minimum = Some(limit_of(value)?),
            "maximum" => shape.maximum = Some(limit_of(value)?),
            "pattern" => shape.prefixes = prefixes_of(value.as_str()?)?,
            // Compiled with the object constraint.
            "required" | "if" | "then" | "else" => {}
            _ if is_annotation(keyword, value) => {}
            _ => return None,
        }
        Some(true)
    }

    fn compile_properties(
        &mut self,
        shape: &mut CompiledShape,
        properties: &Map<String, Value>,
    ) -> Option<bool> {
        let mut is_exact = true;
        for (name, schema) in properties {
            let constraint = self.compile_property(schema);
            is_exact &= constraint.is_exact;
            shape.add_property(name, constraint.part)?;
        }
        Some(is_exact)
    }

    /// Compiles the schema of a property. If it is undecidable here, an object with the property is too,
    /// and one without it is not.
    fn compile_property(&mut self, schema: &Value) -> Compiled<PropertyConstraint> {
        match self.compile_shape(schema) {
            Some(Compiled { part, is_exact }) => Compiled {
                part: self.shapes[usize::from(part)].as_property(schema, part),
                is_exact,
            },
            None => Compiled {
                part: PropertyConstraint::UNDECIDABLE,
                is_exact: false,
            },
        }
    }

    /// Compiles `required`, `if`, `then` and `else` of a schema for the object of `shape`.
    fn compile_object_constraint(
        &mut self,
        keywords: &Map<String, Value>,
        shape: &mut CompiledShape,
    ) -> Option<Compiled<ObjectConstraint>> {
        let required = match keywords.get("required") {
            Some(names) => shape.bits_of(names)?,
            None => 0,
        };
        let condition = match keywords.get("if") {
            Some(when) => Some(self.compile_condition(when, keywords, shape)?),
            None => None,
        };
        let is_exact = condition
            .as_ref()
            .is_none_or(|condition| condition.is_exact);
        let condition = condition.map(|condition| condition.part);
        let part = ObjectConstraint {
            required,
            condition,
        };
        Some(Compiled { part, is_exact })
    }

    fn compile_condition(
        &mut self,
        when: &Value,
        keywords: &Map<String, Value>,
        shape: &mut CompiledShape,
    ) -> Option<Compiled<Condition>> {
        let when = self.compile_branch(when, shape)?;
        // A condition that only seems to fail would choose the wrong branch.
        if !when.is_exact {
            return None;
        }
        let mut is_exact = true;
        let mut branch = |name: &str| match keywords.get(name) {
            Some(schema) => {
                let branch = self.compile_branch(schema, shape)?;
                is_exact &= branch.is_exact;
                Some(Some(branch.part))
            }
            None => Some(None),
        };
        let branches = Branches {
            when: when.part,
            then: branch("then")?,
            otherwise: branch("else")?,
        };
        let presence = branches.as_presence();
        let part = presence.unwrap_or_else(|| Condition::Branches(Box::new(branches)));
        Some(Compiled { part, is_exact })
    }

    fn compile_branch(
        &mut self,
        schema: &Value,
        shape: &mut CompiledShape,
    ) -> Option<Compiled<Branch>> {
        let keywords = schema.as_object()?;
        let mut properties = Vec::new();
        let mut is_exact = true;
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "type" if value == "object" => {}
                "properties" => {
                    for (name, schema) in value.as_object()? {
                        let constraint = self.compile_property(schema);
                        is_exact &= constraint.is_exact;
                        properties.push(BranchProperty {
                            slot: shape.slot_of(name)?,
                            constraint: constraint.part,
                        });
                    }
                }
                "required" | "if" | "then" | "else" => {}
                keyword if is_annotation(keyword, value) => {}
                _ => return None,
            }
        }
        let object = self.compile_object_constraint(keywords, shape)?;
        let part = Branch {
            properties,
            object: object.part,
        };
        let is_exact = is_exact && object.is_exact;
        Some(Compiled { part, is_exact })
    }

    /// Whether a shape accepts every object that is a pair: a known `name` and a string that is not empty.
    fn accepts_pairs(&self, shape: &CompiledShape) -> bool {
        let constraints = [names::NAME, names::VALUE].map(|name| match &shape.properties {
            Some(properties) => properties[name.index()],
            None => PropertyConstraint::UNCONSTRAINED,
        });
        let accepts_string = |constraint: &PropertyConstraint| match constraint.index {
            NO_INDEX => !shape.is_closed,
            _ => constraint.kinds & bit_of(Kind::String) != 0 && constraint.shape == NO_SHAPE,
        };
        let known = constraints
            .iter()
            .filter(|constraint| constraint.index != NO_INDEX);
        let seen = known.fold(0, |seen, constraint| {
            seen | 1u64.unbounded_shl(constraint.index.into())
        });
        shape.kinds & bit_of(Kind::Object) != 0
            && shape.captured == 0
            && constraints.iter().all(accepts_string)
            && self.satisfies(&shape.object, seen, &[])
    }

    /// Adds a shape and returns its index.
    fn push_shape(&mut self, shape: CompiledShape) -> Option<u16> {
        let index = self.shapes.len().try_into().ok();
        self.shapes.push(shape);
        index.filter(|index| *index != NO_SHAPE)
    }
}

impl Branch {
    /// The required properties, if the branch has no other constraint.
    fn as_presence(&self) -> Option<u64> {
        let is_plain = self.properties.is_empty() && self.object.condition.is_none();
        is_plain.then_some(self.object.required)
    }
}

impl Branches {
    fn as_presence(&self) -> Option<Condition> {
        let required = |branch: &Option<Branch>| match branch {
            Some(branch) => branch.as_presence(),
            None => Some(0),
        };
        Some(Condition::Presence {
            when: self.when.as_presence()?,
            then: required(&self.then)?,
            otherwise: required(&self.otherwise)?,
        })
    }
}

impl CompiledShape {
    /// The constraint on a property whose value has this shape, at `index` and compiled from `schema`. It
    /// does without the shape where the kind of the value decides.
    fn as_property(&self, schema: &Value, index: u16) -> PropertyConstraint {
        let is_plain = |keyword: &String| {
            matches!(keyword.as_str(), "type" | "minLength" | "$schema")
                || ANNOTATIONS.contains(&keyword.as_str())
        };
        let is_decided_by_kind = match schema {
            Value::Object(keywords) => keywords.keys().all(is_plain) && !self.is_integer,
            _ => true,
        };
        PropertyConstraint {
            index: NO_INDEX,
            kinds: self.kinds,
            is_non_empty: self.is_non_empty,
            shape: if is_decided_by_kind { NO_SHAPE } else { index },
            slot: NO_INDEX,
        }
    }

    fn set_types(&mut self, types: &Value) -> Option<()> {
        let names: Vec<&str> = match types {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
            _ => return None,
        };
        let mut kinds = 0;
        for name in &names {
            kinds |= match *name {
                "null" => bit_of(Kind::Null),
                "boolean" => bit_of(Kind::False) | bit_of(Kind::True),
                "number" | "integer" => bit_of(Kind::Number),
                "string" => bit_of(Kind::String),
                "array" => bit_of(Kind::Array),
                "object" => bit_of(Kind::Object),
                _ => return None,
            };
        }
        self.kinds &= kinds;
        self.is_integer = names.contains(&"integer") && !names.contains(&"number");
        Some(())
    }

    /// Refuses all but these strings, and those of them that are refused already.
    fn restrict_strings(&mut self, strings: Vec<&str>) {
        let is_allowed = |string: &&str| match &self.strings {
            Some(allowed) => allowed.iter().any(|allowed| allowed.value == **string),
            None => true,
        };
        let strings = strings.into_iter().filter(is_allowed);
        self.strings = Some(strings.map(AllowedString::of).collect());
        self.kinds &= bit_of(Kind::String);
    }

    /// Adds a property and returns its index. `None` if the name may be read in several ways.
    fn add_property(&mut self, name: &str, constraint: PropertyConstraint) -> Option<u8> {
        // Several names with invalid escapes read as this one, and the full validator sees only the first.
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        // Shapes with more properties than bits are undecidable in the end.
        let index = self.property_count.min(usize::from(NO_INDEX) - 1) as u8;
        self.property_count += 1;
        let constraint = PropertyConstraint {
            index,
            ..constraint
        };
        let properties = self
            .properties
            .get_or_insert_with(|| Box::new([PropertyConstraint::UNCONSTRAINED; KnownName::LIMIT]));
        match names::id(name).known() {
            Some(name) => properties[name.index()] = constraint,
            None => self.other_properties.push((name.to_owned(), constraint)),
        }
        Some(index)
    }

    /// The index of a property, which is added if the shape does not know it. The schema then does not
    /// describe its value: any value is allowed, unless the object is closed and cannot have the property.
    fn index_of(&mut self, name: &str) -> Option<u8> {
        match self.known_mut(name).map(|constraint| constraint.index) {
            Some(index) => Some(index),
            None if self.is_closed => self.add_property(name, PropertyConstraint::UNDECIDABLE),
            None => self.add_property(name, PropertyConstraint::UNCONSTRAINED),
        }
    }

    /// The slot in which a property's value is captured. `None` if there are too many.
    fn slot_of(&mut self, name: &str) -> Option<u8> {
        self.index_of(name)?;
        let next = self.captured;
        let slot = &mut self.known_mut(name)?.slot;
        let is_new = *slot == NO_INDEX;
        if is_new {
            *slot = next as u8;
        }
        let slot = *slot;
        self.captured += usize::from(is_new);
        (self.captured <= MAX_CAPTURED).then_some(slot)
    }

    /// The constraint on a property that has an index.
    fn known_mut(&mut self, name: &str) -> Option<&mut PropertyConstraint> {
        let known = match names::id(name).known() {
            Some(name) => Some(&mut self.properties.as_mut()?[name.index()]),
            None => {
                let mut others = self.other_properties.iter_mut();
                others
                    .find(|(known, _)| known == name)
                    .map(|(_, constraint)| constraint)
            }
        };
        known.filter(|constraint| constraint.index != NO_INDEX)
    }

    /// The bits of some properties.
    fn bits_of(&mut self, names: &Value) -> Option<u64> {
        let mut bits = 0;
        for name in names.as_array()? {
            let index = self.index_of(name.as_str()?)?;
            bits |= 1u64.checked_shl(index.into())?;
        }
        Some(bits)
    }
}

impl AllowedString {
    fn of(value: &str) -> Self {
        Self {
            key: PrefixKey::of(value.as_bytes()),
            value: value.to_owned(),
        }
    }
}

impl MaskedByte {
    /// One character, or a letter in upper and lower case.
    fn of(characters: &str) -> Option<Self> {
        let mask = match *characters.as_bytes() {
            [_] => 0xFF,
            [one, other] if one ^ other == 0x20 && one.is_ascii_alphabetic() => 0xDF,
            _ => return None,
        };
        let bits = characters.as_bytes()[0] & mask;
        Some(Self { mask, bits })
    }
}

/// Whether a keyword with this value constrains nothing and does not change the meaning of others.
fn is_annotation(keyword: &str, value: &Value) -> bool {
    match keyword {
        "$schema" => value.as_str().is_some_and(|uri| {
            let uri = uri.strip_suffix('#').unwrap_or(uri);
            let rest = uri
                .strip_prefix("https://")
                .or_else(|| uri.strip_prefix("http://"));
            rest.is_some_and(|rest| DRAFTS.contains(&rest))
        }),
        _ => ANNOTATIONS.contains(&keyword),
    }
}

fn limit_of(value: &Value) -> Option<u64> {
    value.as_u64().filter(|limit| *limit <= MAX_LIMIT)
}

/// The alternatives of a pattern such as `^[Aa]B1|^C`: fixed prefixes of ASCII letters and digits.
fn prefixes_of(pattern: &str) -> Option<Vec<Prefix>> {
    pattern.split('|').map(prefix_of).collect()
}

fn prefix_of(alternative: &str) -> Option<Prefix> {
    let mut rest = alternative.strip_prefix('^')?;
    let mut prefix = Prefix::new();
    while let Some(first) = rest.chars().next() {
        let (characters, len) = match rest.strip_prefix('[') {
            Some(class) => {
                let end = class.find(']')?;
                (&class[..end], end + 2)
            }
            None => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        if characters.is_empty() || !characters.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        prefix.push(MaskedByte::of(characters)?);
        rest = &rest[len..];
    }
    Some(prefix)
}
