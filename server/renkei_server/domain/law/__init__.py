"""The law as data: by which tables an inquiry is decided (F2.4; PRV-01, PRV-18).

`tables.csv` names each table under the Number Act, art. 19(8) (番号法第19条第8号に基づく主務省令
第2条の表), with its first and last day; `table-NAME.csv` holds its rows. `codes.csv` says what
the codes in them stand for, `classes.csv` which institution is of which class,
`delegations.csv` which class may act for which (委任元), and `register-affairs.csv` the affairs
for which nobody inquires.

The current table's text was not found. Documented are the sixty items by which a municipality
provides household information; of most of them nothing else is recorded, and they permit
nobody. The few rows that decide were completed from the table of 2015 (inferred), and nearly
all codes are of our own making (invented). Each row bears its mark and its source, by the keys
of `docs/sources.md`; a row's mark speaks of the rule, not of the codes that stand for it.
"""
