//! Invented authorities: names, codes, regions, size and deprivation.

use jiff::civil::{Date, date};

use super::params::SimulationParams;
use super::stream::Stream;
use crate::data::{Authority, AuthorityCode, JointReturn, Register};
use crate::error::Result;

/// First joint workforce census.
pub(super) const JOINT_FROM: Date = date(2016, 9, 30);

/// An invented authority with what drives its figures.
pub(super) struct Place {
    pub(super) organisation: Authority,
    /// Children aged 0 to 17.
    pub(super) children: f64,
    /// In standard deviations, high is poor.
    pub(super) deprivation: f64,
    pub(super) role: Role,
}

/// What is special about an authority, as in reality.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Plain,
    /// Some hundred children: never scored.
    Tiny,
    /// Some thousand children: scored, with noisy rates.
    Small,
    /// One of the two that return one workforce census.
    Joint,
    /// Abolished, its last day [`ABOLISHED`].
    Abolished,
    /// One of the two made of the abolished authority.
    Successor,
    /// Without children-in-need figures for two years, after a cyber attack.
    Attacked,
}

const ABOLISHED: Date = date(2019, 3, 31);
/// First day of the two successors.
pub(super) const REORGANISED: Date = date(2019, 4, 1);
const REGIONS: [&str; 9] = [
    "Highmarch",
    "Lowmarch",
    "Eastfold",
    "Westfold",
    "Midfold",
    "Saltcoast",
    "Thornwold",
    "Greywater",
    "Inner Capital",
];
const BEGINNINGS: [&str; 25] = [
    "Ambril", "Bristle", "Corvin", "Dravel", "Eskler", "Farrin", "Gorsel", "Hesper", "Ilvin",
    "Jorrel", "Kestrin", "Lorrick", "Maverin", "Nettrin", "Ostrin", "Pellin", "Quarrin", "Rosmel",
    "Sallin", "Tolver", "Ulvin", "Vesper", "Wexlin", "Yarrin", "Zellin",
];
const ENDINGS: [&str; 12] = [
    "mere", "wick", "combe", "holme", "stead", "ford", "dale", "worth", "march", "low", "gate",
    "shaw",
];
const QUALIFIERS: [&str; 3] = ["", "Great ", "Little "];
/// From here on names begin again, with a number behind them.
const NAMES: usize = BEGINNINGS.len() * ENDINGS.len() * QUALIFIERS.len();

/// The places, by code: those that exist at the end and the abolished one.
pub(super) fn places(params: &SimulationParams) -> Result<Vec<Place>> {
    (0..=params.authorities).map(|i| place(params, i)).collect()
}

fn place(params: &SimulationParams, index: usize) -> Result<Place> {
    let mut draw = Stream::new(params.seed, "place", index);
    let role = role(index);
    let typical = 60_000.0 * libm::exp(0.65 * draw.normal());
    let children = match role {
        Role::Tiny => draw.between(300.0, 700.0),
        Role::Small => draw.between(7_000.0, 9_500.0),
        Role::Abolished => 130_000.0,
        _ => typical.clamp(12_000.0, 350_000.0),
    };
    Ok(Place {
        organisation: authority(index, digits(params), role)?,
        children: children.round(),
        deprivation: draw.normal(),
        role,
    })
}

fn role(index: usize) -> Role {
    match index {
        0 | 1 => Role::Tiny,
        2 | 3 => Role::Small,
        4 | 5 => Role::Joint,
        6 => Role::Abolished,
        7 | 8 => Role::Successor,
        9 => Role::Attacked,
        _ => Role::Plain,
    }
}

fn authority(index: usize, digits: usize, role: Role) -> Result<Authority> {
    // The joint pair, and the abolished authority with its successors, share a region.
    let region = match role {
        Role::Joint => 4,
        Role::Abolished | Role::Successor => 6,
        _ => index,
    } % REGIONS.len();
    let abolished = role == Role::Abolished;
    let successor = role == Role::Successor;
    Ok(Authority {
        code: code(index, digits)?,
        name: name(index),
        region_code: format!("SIMR{}", region + 1),
        region: REGIONS[region].to_owned(),
        ons_codes: vec![format!("SIM{:06}", index + 1)],
        variants: Vec::new(),
        from: successor.then_some(REORGANISED),
        to: abolished.then_some(ABOLISHED),
        predecessors: if successor {
            vec![code(6, digits)?]
        } else {
            Vec::new()
        },
        scored: role != Role::Tiny,
        note: note(role).to_owned(),
    })
}

/// Digits of a code, so that codes order as numbers do.
fn digits(params: &SimulationParams) -> usize {
    (params.authorities + 1).to_string().len().max(3)
}

fn code(index: usize, digits: usize) -> Result<AuthorityCode> {
    AuthorityCode::new(&format!("S{:0digits$}", index + 1))
}

fn name(index: usize) -> String {
    match index {
        0 | 1 => format!("Isle of {}", plain_name(index)),
        7 => format!("North {}", plain_name(6)),
        8 => format!("South {}", plain_name(6)),
        _ => plain_name(index),
    }
}

/// A beginning, an ending and a qualifier: another for each index below [`NAMES`].
fn plain_name(index: usize) -> String {
    let (round, beginning) = (index / BEGINNINGS.len(), index % BEGINNINGS.len());
    let qualifier = QUALIFIERS[round / ENDINGS.len() % QUALIFIERS.len()];
    let ending = ENDINGS[(round + beginning) % ENDINGS.len()];
    let name = format!("{qualifier}{}{ending}", BEGINNINGS[beginning]);
    match index / NAMES {
        0 => name,
        again => format!("{name} {}", again + 1),
    }
}

fn note(role: Role) -> &'static str {
    match role {
        Role::Tiny => "tiny: numbers too small for a score",
        Role::Joint => "workforce census returned jointly by S005 and S006 from 2016",
        Role::Abolished => "split into S008 and S009",
        Role::Attacked => "no children in need return for two years (cyber attack)",
        Role::Plain | Role::Small | Role::Successor => "",
    }
}

/// The register of the places.
pub(super) fn register(places: &[Place]) -> Register {
    let mut register = Register::empty();
    for place in places {
        register.insert(place.organisation.clone());
    }
    let members = places
        .iter()
        .filter(|p| p.role == Role::Joint)
        .map(|p| p.organisation.code)
        .collect();
    register.insert_joint_return(JointReturn {
        members,
        from: JOINT_FROM,
    });
    register
}
