//! Gives each mutant of a file a switch.

use std::collections::HashMap;
use std::mem;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned as _;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, BinOp, Block, Expr, ExprBinary, ExprClosure, ExprStruct, ImplItemConst, ImplItemFn,
    ItemConst, ItemFn, ItemStatic, ReturnType, Signature, TraitItemFn, Type, TypeArray,
    TypeImplTrait, parse_quote,
};

/// A change to one place of a file.
pub(crate) struct Mutant {
    pub(crate) id: u32,
    pub(crate) genre: String,
    /// Line from 1, column from 0.
    pub(crate) position: (usize, usize),
    pub(crate) replacement: String,
}

/// The text of a file with switches, and the ids of the mutants that have no place in it: those in code that the compiler
/// evaluates, and those that change an expression which contains a `let`.
pub(crate) fn rewrite(text: &str, mutants: Vec<Mutant>) -> syn::Result<(String, Vec<u32>)> {
    let mut file = syn::parse_file(text)?;
    let mut places: HashMap<_, Vec<Mutant>> = HashMap::new();
    for mutant in mutants {
        places
            .entry((mutant.genre.clone(), mutant.position))
            .or_default()
            .push(mutant);
    }
    let mut rewriter = Rewriter {
        places,
        is_evaluated: false,
    };
    rewriter.visit_file_mut(&mut file);
    let unplaced = rewriter
        .places
        .into_values()
        .flatten()
        .map(|mutant| mutant.id)
        .collect();
    Ok((prettyplease::unparse(&file), unplaced))
}

struct Rewriter {
    /// The mutants that have not been placed, by genre and position.
    places: HashMap<(String, (usize, usize)), Vec<Mutant>>,
    /// Whether the compiler evaluates the code that is visited.
    is_evaluated: bool,
}

impl Rewriter {
    fn take(&mut self, genre: &str, span: Span) -> Vec<Mutant> {
        if self.is_evaluated {
            return Vec::new();
        }
        let LineColumn { line, column } = span.start();
        self.places
            .remove(&(genre.to_owned(), (line, column)))
            .unwrap_or_default()
    }

    /// Visits an item that the compiler evaluates, which cannot read a switch.
    fn evaluated(&mut self, visit: impl FnOnce(&mut Self)) {
        let outside = mem::replace(&mut self.is_evaluated, true);
        visit(self);
        self.is_evaluated = outside;
    }

    /// Returns early with the value of the mutant.
    fn function(&mut self, signature: &Signature, block: &mut Block) {
        let Some(first) = block.stmts.first() else {
            return;
        };
        let outside = mem::replace(&mut self.is_evaluated, signature.constness.is_some());
        // A function has one hidden type, and the value of the mutant is of another.
        let has_hidden_type =
            matches!(&signature.output, ReturnType::Type(_, returned) if has_impl(returned));
        let mutants = if has_hidden_type {
            Vec::new()
        } else {
            self.take("FnValue", first.span())
        };
        visit_mut::visit_block_mut(self, block);
        for Mutant {
            id, replacement, ..
        } in mutants.into_iter().rev()
        {
            let value: Expr =
                syn::parse_str(&replacement).expect("cargo-mutants writes expressions");
            block.stmts.insert(
                0,
                parse_quote!(if crate::mutant::is(#id) { return #value; }),
            );
        }
        self.is_evaluated = outside;
    }

    fn binary(&mut self, binary: &ExprBinary, mutants: &[Mutant]) -> Expr {
        let ExprBinary {
            left, op, right, ..
        } = binary;
        let id = mutants[0].id;
        match op {
            // Without a second copy of the operands, as chains of these are long.
            BinOp::And(_) => parse_quote!(({ let mutant_left = #left; if mutant_left != crate::mutant::is(#id) { #right } else { mutant_left } })),
            BinOp::Or(_) => parse_quote!(({ let mutant_left = #left; if mutant_left == crate::mutant::is(#id) { #right } else { mutant_left } })),
            BinOp::Eq(_) | BinOp::Ne(_) => parse_quote!(((#binary) ^ crate::mutant::is(#id))),
            _ => mutants.iter().fold(parse_quote!((#binary)), |other: Expr, Mutant { id, replacement, .. }| {
                let op: BinOp = syn::parse_str(replacement).expect("cargo-mutants writes operators");
                parse_quote!((if crate::mutant::is(#id) { (#left) #op (#right) } else { #other }))
            }),
        }
    }
}

impl VisitMut for Rewriter {
    fn visit_item_const_mut(&mut self, item: &mut ItemConst) {
        self.evaluated(|this| visit_mut::visit_item_const_mut(this, item));
    }

    fn visit_impl_item_const_mut(&mut self, item: &mut ImplItemConst) {
        self.evaluated(|this| visit_mut::visit_impl_item_const_mut(this, item));
    }

    fn visit_item_static_mut(&mut self, item: &mut ItemStatic) {
        self.evaluated(|this| visit_mut::visit_item_static_mut(this, item));
    }

    fn visit_type_array_mut(&mut self, item: &mut TypeArray) {
        self.evaluated(|this| visit_mut::visit_type_array_mut(this, item));
    }

    // The rules are closures in constants.
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        let outside = mem::replace(&mut self.is_evaluated, false);
        visit_mut::visit_expr_closure_mut(self, closure);
        self.is_evaluated = outside;
    }

    fn visit_item_fn_mut(&mut self, item: &mut ItemFn) {
        self.function(&item.sig, &mut item.block);
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        self.function(&item.sig, &mut item.block);
    }

    fn visit_trait_item_fn_mut(&mut self, item: &mut TraitItemFn) {
        if let Some(block) = &mut item.default {
            self.function(&item.sig, block);
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let deleted = self.take("MatchArm", arm.span());
        let guards = arm.guard.as_ref().map_or(Vec::new(), |(_, guard)| {
            self.take("MatchArmGuard", guard.span())
        });
        visit_mut::visit_arm_mut(self, arm);
        if let Some((_, guard)) = &mut arm.guard {
            for Mutant {
                id, replacement, ..
            } in guards
            {
                **guard = match replacement.as_str() {
                    "true" => parse_quote!((crate::mutant::is(#id) || (#guard))),
                    _ => parse_quote!((!crate::mutant::is(#id) && (#guard))),
                };
            }
        }
        for Mutant { id, .. } in deleted {
            arm.guard = Some(match arm.guard.take() {
                Some((token, guard)) => (token, parse_quote!(!crate::mutant::is(#id) && (#guard))),
                None => (parse_quote!(if), parse_quote!(!crate::mutant::is(#id))),
            });
        }
    }

    fn visit_expr_struct_mut(&mut self, node: &mut ExprStruct) {
        let deleted: Vec<_> = (0..)
            .zip(&node.fields)
            .flat_map(|(i, field)| {
                self.take("StructField", field.span())
                    .pop()
                    .map(|mutant| (i, mutant))
            })
            .collect();
        visit_mut::visit_expr_struct_mut(self, node);
        let ExprStruct {
            path, fields, rest, ..
        } = node;
        for (i, Mutant { id, .. }) in deleted {
            let field: &mut syn::FieldValue = &mut fields[i];
            let (name, value): (_, &Expr) = (&field.member, &field.expr);
            field.expr = parse_quote!(if crate::mutant::is(#id) { let base: #path = #rest; base.#name } else { #value });
            field.colon_token = Some(parse_quote!(:));
        }
    }

    fn visit_expr_mut(&mut self, node: &mut Expr) {
        let mutants = match node {
            Expr::Binary(binary) if !has_let(&binary.left) && !has_let(&binary.right) => {
                self.take("BinaryOperator", binary.op.span())
            }
            Expr::Unary(unary) => self.take("UnaryOperator", unary.op.span()),
            _ => Vec::new(),
        };
        visit_mut::visit_expr_mut(self, node);
        if mutants.is_empty() {
            return;
        }
        *node = match node {
            Expr::Binary(binary) => self.binary(binary, &mutants),
            Expr::Unary(unary) => {
                let (id, operand) = (mutants[0].id, &unary.expr);
                parse_quote!((if crate::mutant::is(#id) { (#operand) } else { (#unary) }))
            }
            _ => unreachable!("only operators have mutants here"),
        };
    }
}

/// Whether an operand of `&&` is a `let`, directly or in a chain.
fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

/// Whether a type is or contains an `impl Trait`.
fn has_impl(returned: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, _: &'ast TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(returned);
    finder.0
}
