//! Command line: which of the faces (PocketIC server, launcher, plain words) the arguments ask for.
