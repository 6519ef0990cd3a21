//! Evaluates constant expressions: where a data segment goes.

use wasmparser::{ConstExpr, Operator};

/// The value of a constant expression of integers; none when it is of another type. Globals do not occur: such an
/// expression may only name imported ones, and canisters import functions only.
pub(super) fn evaluate(expression: &ConstExpr) -> Option<u64> {
    let mut stack: Vec<u64> = Vec::new();
    for operator in expression.get_operators_reader() {
        match operator.ok()? {
            Operator::I32Const { value } => stack.push(u64::from(value as u32)),
            Operator::I64Const { value } => stack.push(value as u64),
            Operator::I32Add => narrow(&mut stack, u32::wrapping_add)?,
            Operator::I32Sub => narrow(&mut stack, u32::wrapping_sub)?,
            Operator::I32Mul => narrow(&mut stack, u32::wrapping_mul)?,
            Operator::I64Add => wide(&mut stack, u64::wrapping_add)?,
            Operator::I64Sub => wide(&mut stack, u64::wrapping_sub)?,
            Operator::I64Mul => wide(&mut stack, u64::wrapping_mul)?,
            Operator::End => break,
            _ => return None,
        }
    }
    stack.pop()
}

fn narrow(stack: &mut Vec<u64>, operate: fn(u32, u32) -> u32) -> Option<()> {
    wide(stack, |a, b| u64::from(operate(a as u32, b as u32)))
}

fn wide(stack: &mut Vec<u64>, operate: impl Fn(u64, u64) -> u64) -> Option<()> {
    let (right, left) = (stack.pop()?, stack.pop()?);
    stack.push(operate(left, right));
    Some(())
}
