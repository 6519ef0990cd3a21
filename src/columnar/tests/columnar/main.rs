//! Segments by their public interface: against naive models, golden files, and damage.

mod damage;
mod golden;
mod round_trip;
mod samples;
