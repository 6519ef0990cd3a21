//! What each Wasm instruction costs: the Internet Computer's weights as operator costs of the engine.
//!
//! Source: `instruction_to_cost` of the Internet Computer's embedder. Everything not named here costs 1.
//!
//! Two corrections. The engine adds 1 at the entry of every compiled function, so the weights of calls are 1 less
//! here (a message's entry and calls to imports are corrected where they happen). And a weight is one byte here: the
//! 300 of `memory.grow`, `table.grow`, `data.drop` and `elem.drop` become 255; the growing ones are settled by
//! [`crate::system_api::Growth`], the dropping ones, which compilers hardly emit, stay 45 short.

use wasmtime::{OperatorCost, VariableOperatorCost};

macro_rules! set {
    ($cost:ident: $($weight:literal => $($operator:ident)+;)*) => {
        $($($cost.$operator = $weight;)+)*
    };
}

/// The weights for modules with 32-bit addresses.
pub(super) fn narrow() -> OperatorCost {
    let mut cost = OperatorCost::new();
    cost.variable = VariableOperatorCost {
        memory_grow_per_page: 0,
        table_grow_per_element: 0,
        ..VariableOperatorCost::new()
    };
    set_control(&mut cost);
    set_numbers(&mut cost);
    set_vectors(&mut cost);
    cost
}

/// The weights for modules with 64-bit addresses: loads and stores check their bounds, and cost 2.
pub(super) fn wide() -> OperatorCost {
    let mut cost = narrow();
    set! { cost:
        2 => I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S I32Load16U
             I64Load8S I64Load8U I64Load16S I64Load16U I64Load32S I64Load32U
             I32Store I64Store F32Store F64Store I32Store8 I32Store16 I64Store8 I64Store16 I64Store32
             V128Load V128Store;
    }
    cost
}

fn set_control(cost: &mut OperatorCost) {
    set! { cost:
        0 => Block Loop Else End;
        1 => Nop Drop Unreachable Return;
        2 => If Br BrIf BrTable GlobalGet GlobalSet;
        // One less than 5, 10, 3 and 60: see above.
        4 => Call;
        9 => CallIndirect;
        2 => ReturnCall;
        59 => ReturnCallIndirect;
        20 => MemorySize;
        100 => TableSize MemoryFill MemoryCopy MemoryInit TableFill TableCopy TableInit;
        255 => MemoryGrow TableGrow DataDrop ElemDrop;
        5 => TableGet TableSet RefIsNull;
        130 => RefFunc;
    }
}

fn set_numbers(cost: &mut OperatorCost) {
    set! { cost:
        10 => I32DivS I32DivU I32RemS I32RemU I64DivS I64DivU I64RemS I64RemU;
        2 => F32Add F32Sub F32Mul F32Ceil F32Floor F32Trunc F32Nearest F32Copysign
             F64Add F64Sub F64Mul F64Ceil F64Floor F64Trunc F64Nearest;
        3 => F32Div F32Eq F32Ne F32Lt F32Gt F32Le F32Ge
             F64Eq F64Ne F64Lt F64Gt F64Le F64Ge F64Copysign
             F32ConvertI32S F32ConvertI64S F64ConvertI32S F64ConvertI64S;
        5 => F64Div F32Sqrt;
        8 => F64Sqrt;
        16 => F32ConvertI32U F32ConvertI64U F64ConvertI32U F64ConvertI64U;
        18 => F32Min F32Max F64Min F64Max;
        20 => I32TruncF32S I32TruncF32U I32TruncF64S I32TruncF64U
              I64TruncF32S I64TruncF32U I64TruncF64S I64TruncF64U
              I32TruncSatF32S I32TruncSatF32U I32TruncSatF64S I32TruncSatF64U
              I64TruncSatF32S I64TruncSatF32U I64TruncSatF64S I64TruncSatF64U;
    }
}

fn set_vectors(cost: &mut OperatorCost) {
    set! { cost:
        2 => I8x16Shl I8x16ShrU;
        3 => I8x16Shuffle I8x16ShrS I8x16Popcnt;
        4 => I64x2Mul F32x4Min F32x4Max;
        5 => F64x2Min F64x2Max;
        10 => F32x4Div;
        12 => F64x2Div;
        14 => F64x2Sqrt;
    }
}
