"""What directories and players ask of a show, one file for each thing that is looked at."""
