//! PocketIC's REST interface: instances, blobs and everything a test does to a network.
