"""From the files of a 1.x record to its nouns; 1x.0.A to 1x.0.D are decided here."""
