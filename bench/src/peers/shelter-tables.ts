/** 75 shelters that are never full: the referral sequence is measured, not the search. */
export const SHELTER_TABLES = `
  CREATE TABLE shelter (id int PRIMARY KEY, free int NOT NULL);
  INSERT INTO shelter SELECT n, 1000000 FROM generate_series(0, 74) AS n;
  CREATE TABLE hold (id uuid PRIMARY KEY, shelter int NOT NULL, stage text NOT NULL);`;
