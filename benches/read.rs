//! Reading the official files: every CSV file, and the whole folder with its workbooks.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::read;

fn data_folder() -> PathBuf {
    std::env::var_os("FOREWARN_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    )
}

/// Copies the CSV files of a folder and its subfolders into one folder.
fn copy_tables(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            copy_tables(&path, to);
        } else if path.extension().is_some_and(|e| e == "csv") {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

fn reading(c: &mut Criterion) {
    let data = data_folder();
    if !data.is_dir() {
        println!("skipped: no official files in {}", data.display());
        return;
    }
    let tables = tempfile::tempdir().unwrap();
    copy_tables(&data, tables.path());
    let mut group = c.benchmark_group("read");
    group.sample_size(20);
    // Aim: under 150 ms.
    group.bench_function("every CSV file", |b| {
        b.iter(|| black_box(read::folder(tables.path()).unwrap()));
    });
    group.bench_function("the whole folder", |b| {
        b.iter(|| black_box(read::folder(&data).unwrap()));
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
