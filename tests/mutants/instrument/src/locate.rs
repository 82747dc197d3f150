//! Where the code of each mutant is in a rewritten file.

use proc_macro2::Span;
use serde::Serialize;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Expr, ExprIf, ExprMatch};

/// The code that a switch guards, in bytes of the file.
#[derive(Serialize)]
pub(crate) struct Region {
    id: u32,
    /// The code of the mutant.
    start: usize,
    end: usize,
    /// The whole expression, with the code of the program.
    whole_start: usize,
    whole_end: usize,
}

/// The regions of the mutants that have code of their own.
pub(crate) fn regions(text: &str) -> syn::Result<Vec<Region>> {
    let mut finder = Finder(Vec::new());
    finder.visit_file(&syn::parse_file(text)?);
    Ok(finder.0)
}

struct Finder(Vec<Region>);

impl<'ast> Visit<'ast> for Finder {
    fn visit_expr_if(&mut self, node: &'ast ExprIf) {
        if let Some(id) = switch(&node.cond) {
            let [code, whole] = [bytes(node.then_branch.span()), bytes(node.span())];
            self.0.push(Region {
                id,
                start: code.0,
                end: code.1,
                whole_start: whole.0,
                whole_end: whole.1,
            });
        }
        visit::visit_expr_if(self, node);
    }

    // An arm that is deleted by its guard no longer counts as covering its values.
    fn visit_expr_match(&mut self, node: &'ast ExprMatch) {
        let whole = bytes(node.expr.span());
        for arm in &node.arms {
            if let Some((_, guard)) = &arm.guard
                && let Some(id) = deletion(guard)
            {
                let start = bytes(arm.span()).0;
                self.0.push(Region {
                    id,
                    start,
                    end: start,
                    whole_start: whole.0,
                    whole_end: whole.1,
                });
            }
        }
        visit::visit_expr_match(self, node);
    }
}

/// The id in `!crate::mutant::is(id)`, also before other conditions.
fn deletion(guard: &Expr) -> Option<u32> {
    match guard {
        Expr::Unary(not) => switch(&not.expr),
        Expr::Binary(and) => deletion(&and.left),
        _ => None,
    }
}

/// The id in `crate::mutant::is(id)`.
fn switch(condition: &Expr) -> Option<u32> {
    let Expr::Call(call) = condition else {
        return None;
    };
    let Expr::Path(function) = &*call.func else {
        return None;
    };
    let segments: Vec<_> = function
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect();
    let Some(Expr::Lit(literal)) = call.args.first() else {
        return None;
    };
    let syn::Lit::Int(id) = &literal.lit else {
        return None;
    };
    (segments == ["crate", "mutant", "is"])
        .then(|| id.base10_parse().ok())
        .flatten()
}

fn bytes(span: Span) -> (usize, usize) {
    let range = span.byte_range();
    (range.start, range.end)
}
