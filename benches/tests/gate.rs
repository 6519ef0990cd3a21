//! No figure is more than two percent worse than what is checked in; ten where another compiler built the Wasm.

use benches::figures::Figures;
use benches::gate;

#[test]
fn no_figure_is_worse_than_the_file_says() {
    let file = Figures::read().expect("benches/storage.json");
    let found = gate::worse(&gate::measure(), &file);
    assert!(
        found.is_empty(),
        "\n  {}\nIf that is meant: cargo run --bin storage gate",
        found.join("\n  ")
    );
}
