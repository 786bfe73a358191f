"""Plants transfers of graded subtlety into real accounts' days, for teams without labels."""
