//! Writes the simulated demo data: `cargo run --release --example simulate_demo -- [FOLDER]`.

mod demo;

use std::path::PathBuf;

use forewarn::simulate::SimulationParams;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1);
    let folder = folder.map_or_else(|| PathBuf::from("examples/demo"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, content) in demo::files(&SimulationParams::default().simulate()?)? {
        let path = folder.join(name);
        println!("{} ({} kB)", path.display(), content.len() / 1000);
        std::fs::write(path, content)?;
    }
    Ok(())
}
