//! `examples/demo` is what `cargo run --example simulate_demo` writes, to the last byte.

#[path = "../examples/simulate_demo/demo.rs"]
mod demo;

use forewarn::simulate::SimulationParams;

#[test]
fn the_demo_files_come_from_the_default_seed() {
    let world = SimulationParams::default().simulate().unwrap();
    for (name, content) in demo::files(&world) {
        let path = format!("{}/examples/demo/{name}", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&path).unwrap();
        // Not assert_eq: it would print megabytes.
        assert!(
            stored == content,
            "{path}: run cargo run --example simulate_demo"
        );
    }
}
