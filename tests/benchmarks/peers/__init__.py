"""One file for each program that trains: regkit, and what it is compared with."""
