//! `examples/demo` is what `cargo run --example simulate_demo` writes, to the last byte.
#![cfg(feature = "read")]

#[path = "../examples/simulate_demo/demo.rs"]
mod demo;

use forewarn::data::Panel;
use forewarn::read::tidy;
use forewarn::simulate::SimulationParams;

#[test]
fn the_demo_files_come_from_the_default_seed() {
    let world = SimulationParams::default().simulate().unwrap();
    for (name, content) in demo::files(&world).unwrap() {
        let path = format!("{}/examples/demo/{name}", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&path).unwrap();
        // Not assert_eq: it would print megabytes.
        assert!(
            stored == content,
            "{path}: run cargo run --example simulate_demo"
        );
    }
}

#[test]
fn reading_the_demo_gives_the_figures_of_the_world() {
    let world = SimulationParams::default().simulate().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    let read = forewarn::read::folder(folder).unwrap();
    let text = |panel: &Panel| {
        let mut bytes = Vec::new();
        tidy::write(panel, &mut bytes).unwrap();
        bytes
    };
    assert!(text(&read.panel) == text(&world.panel()));
    let authorities: Vec<_> = read.panel.register().iter().collect();
    assert_eq!(authorities, world.register.iter().collect::<Vec<_>>());
}
