//! Comparing a value on the tape with the compiled shapes.

use super::FastValidator;
use super::shape::{
    AllowedString, Branch, BranchProperty, Branches, CompiledShape, Condition, MAX_CAPTURED,
    MaskedByte, NO_INDEX, NO_SHAPE, ObjectConstraint, Prefix, PropertyConstraint,
};
use crate::json::{Kind, Member, Node, Number};

impl FastValidator {
    /// Whether the value is valid. `false` is inconclusive: the full validator must decide.
    pub(in crate::schema) fn accepts(&self, node: Node<'_>) -> bool {
        self.root.is_some_and(|root| self.accepts_value(root, node))
    }

    #[inline(never)]
    fn accepts_value(&self, index: u16, node: Node<'_>) -> bool {
        let shape = &self.shapes[usize::from(index)];
        if shape.kinds & node.kind_bit() == 0 {
            return false;
        }
        match node.kind() {
            Kind::Object => self.accepts_object(shape, node),
            Kind::Array => self.accepts_array(shape, node),
            Kind::String => shape.accepts_string(node),
            Kind::Number => shape.accepts_number(node),
            Kind::Null | Kind::False | Kind::True => true,
        }
    }

    #[inline(never)]
    fn accepts_array(&self, shape: &CompiledShape, node: Node<'_>) -> bool {
        if node.child_count() < shape.min_items {
            return false;
        }
        let Some(items) = shape.items else {
            return true;
        };
        let element_shape = &self.shapes[usize::from(items)];
        // Saves a call for each element of a long array.
        let are_plain_objects = element_shape.is_object_only() && element_shape.captured == 0;
        for element in node.elements() {
            if element_shape.accepts_pairs && element.is_name_value_pair() {
                continue;
            }
            let is_accepted = if are_plain_objects {
                element.kind() == Kind::Object
                    && self.accepts_properties::<0>(element_shape, element)
            } else {
                self.accepts_value(items, element)
            };
            if !is_accepted {
                return false;
            }
        }
        true
    }

    #[inline(never)]
    fn accepts_object(&self, shape: &CompiledShape, node: Node<'_>) -> bool {
        if shape.captured == 0 {
            self.accepts_properties::<0>(shape, node)
        } else {
            self.accepts_properties::<MAX_CAPTURED>(shape, node)
        }
    }

    #[inline(always)]
    fn accepts_properties<const CAPTURED: usize>(
        &self,
        shape: &CompiledShape,
        node: Node<'_>,
    ) -> bool {
        let mut seen = 0;
        let mut captured = [None; CAPTURED];
        for member in node.members() {
            let constraint = shape.constraint_on(&member);
            if constraint.index != NO_INDEX {
                seen |= 1 << constraint.index;
                if let Some(captured) = captured.get_mut(usize::from(constraint.slot)) {
                    *captured = Some(member.value);
                }
                if !self.accepts_property(constraint, member.value) {
                    return false;
                }
            } else if shape.is_closed {
                return false;
            }
        }
        self.satisfies(&shape.object, seen, &captured)
    }

    #[inline(always)]
    fn accepts_property(&self, constraint: PropertyConstraint, value: Node<'_>) -> bool {
        constraint.kinds & value.kind_bit() != 0
            && !(constraint.is_non_empty && is_empty_string(value))
            && (constraint.shape == NO_SHAPE || self.accepts_value(constraint.shape, value))
    }

    /// Whether an object with the properties `seen` satisfies the constraint.
    #[inline(always)]
    pub(super) fn satisfies(
        &self,
        constraint: &ObjectConstraint,
        seen: u64,
        captured: &[Option<Node<'_>>],
    ) -> bool {
        let has = |required: u64| seen & required == required;
        has(constraint.required)
            && match &constraint.condition {
                None => true,
                Some(Condition::Presence {
                    when,
                    then,
                    otherwise,
                }) => has(if has(*when) { *then } else { *otherwise }),
                Some(Condition::Branches(branches)) => {
                    self.satisfies_branches(branches, seen, captured)
                }
            }
    }

    fn satisfies_branches(
        &self,
        branches: &Branches,
        seen: u64,
        captured: &[Option<Node<'_>>],
    ) -> bool {
        let branch = if self.branch_matches(&branches.when, seen, captured) {
            &branches.then
        } else {
            &branches.otherwise
        };
        branch
            .as_ref()
            .is_none_or(|branch| self.branch_matches(branch, seen, captured))
    }

    fn branch_matches(&self, branch: &Branch, seen: u64, captured: &[Option<Node<'_>>]) -> bool {
        let accepts = |property: &BranchProperty| match captured.get(usize::from(property.slot)) {
            Some(Some(value)) => self.accepts_property(property.constraint, *value),
            _ => true,
        };
        self.satisfies(&branch.object, seen, captured) && branch.properties.iter().all(accepts)
    }
}

impl CompiledShape {
    /// The constraint on a property; one without an index if the shape does not know the property.
    #[inline(always)]
    fn constraint_on(&self, member: &Member<'_>) -> PropertyConstraint {
        match (member.known(), &self.properties) {
            (Some(name), Some(properties)) => properties[name.index()],
            (Some(_), None) => PropertyConstraint::UNCONSTRAINED,
            (None, _) => self.constraint_on_other(member),
        }
    }

    #[cold]
    fn constraint_on_other(&self, member: &Member<'_>) -> PropertyConstraint {
        let mut others = self.other_properties.iter();
        let found = others.find(|(name, _)| member.name.is_text(name));
        found.map_or(PropertyConstraint::UNCONSTRAINED, |(_, constraint)| {
            *constraint
        })
    }

    #[inline(never)]
    fn accepts_string(&self, node: Node<'_>) -> bool {
        (!self.is_non_empty || !is_empty_string(node))
            && self
                .strings
                .as_deref()
                .is_none_or(|strings| contains_string(strings, node))
            && (self.prefixes.is_empty() || self.has_prefix(node))
    }

    fn has_prefix(&self, node: Node<'_>) -> bool {
        let starts_with = |string: &[u8], prefix: &Prefix| {
            let matches = |(masked, byte): (&MaskedByte, &u8)| byte & masked.mask == masked.bits;
            string.len() >= prefix.len() && prefix.iter().zip(string).all(matches)
        };
        let has_any = |string: &[u8]| {
            self.prefixes
                .iter()
                .any(|prefix| starts_with(string, prefix))
        };
        match node.as_plain_bytes() {
            Some(string) => has_any(string),
            None => node
                .as_text()
                .is_some_and(|string| has_any(string.as_bytes())),
        }
    }

    #[inline(never)]
    fn accepts_number(&self, node: Node<'_>) -> bool {
        let Some(number) = node.as_number() else {
            return false;
        };
        let Some(value) = number.as_u64() else {
            return self.accepts_other_number(number);
        };
        self.exclusive_minimum.is_none_or(|limit| value > limit)
            && self.minimum.is_none_or(|limit| value >= limit)
            && self.maximum.is_none_or(|limit| value <= limit)
    }

    /// Whether a number that is no integer in the range of `u64` is accepted. The full validator rounds it to a float, so
    /// an exact comparison would differ.
    #[cold]
    fn accepts_other_number(&self, number: Number<'_>) -> bool {
        let value = number.as_f64();
        (!self.is_integer || number.is_integer())
            && (self.exclusive_minimum).is_none_or(|limit| value > limit as f64)
            && self.minimum.is_none_or(|limit| value >= limit as f64)
            && self.maximum.is_none_or(|limit| value <= limit as f64)
    }
}

fn contains_string(strings: &[AllowedString], node: Node<'_>) -> bool {
    match node.as_plain_key() {
        Some(key) => strings
            .iter()
            .any(|string| key == string.key && (key.is_exact() || node.is_text(&string.value))),
        None => strings.iter().any(|string| node.is_text(&string.value)),
    }
}

/// Whether the value is an empty string. The content of one may be a lone backslash, where the source text
/// ends after it.
#[inline(always)]
fn is_empty_string(node: Node<'_>) -> bool {
    node.is_empty_text()
        || node.content_span().len() == 1 && node.as_text().is_some_and(|string| string.is_empty())
}
