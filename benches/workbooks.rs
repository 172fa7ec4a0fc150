//! Reading Ofsted's two workbooks, and how much of that is unpacking and parsing XML.
//!
//! `xml_alone` runs quick-xml over the same bytes, unpacked before: what no reader built on it can
//! go below. Skipped, with a line that says so, where the official files are absent.

use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use forewarn::data::Register;
use forewarn::read::ofsted;
use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

const WORKBOOKS: [(&str, &str); 2] = [
    (
        "wide",
        "Childrens_social_care_in_England_2023_underlying_data.ods",
    ),
    (
        "history",
        "LA_Inspection_Outcomes_ILACS_history_to_2023.ods",
    ),
];

fn unpacked(workbook: &[u8]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut content = Vec::new();
    let mut entry = archive.by_name("content.xml").unwrap();
    entry.read_to_end(&mut content).unwrap();
    content
}

fn xml_events(content: &[u8]) -> usize {
    let mut reader = Reader::from_reader(content);
    let (mut piece, mut events) = (Vec::new(), 0);
    while reader.read_event_into(&mut piece).unwrap() != Event::Eof {
        piece.clear();
        events += 1;
    }
    events
}

fn workbooks(c: &mut Criterion) {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let folder = std::env::var("FOREWARN_DATA").unwrap_or(beside.to_owned());
    let register = Register::england();
    for (name, file) in WORKBOOKS {
        let path = Path::new(&folder).join("ofsted").join(file);
        let Ok(workbook) = std::fs::read(&path) else {
            println!("skipped: {} is absent", path.display());
            continue;
        };
        let content = unpacked(&workbook);
        let mut group = c.benchmark_group(name);
        group.sample_size(20);
        group.throughput(Throughput::Bytes(content.len() as u64));
        group.bench_function("read", |b| {
            b.iter(|| ofsted::read(&path, Cursor::new(&workbook), &register, ""))
        });
        group.bench_function("unpack_alone", |b| {
            b.iter(|| unpacked(black_box(&workbook)))
        });
        group.bench_function("xml_alone", |b| b.iter(|| xml_events(black_box(&content))));
        group.finish();
    }
}

criterion_group!(benches, workbooks);
criterion_main!(benches);
