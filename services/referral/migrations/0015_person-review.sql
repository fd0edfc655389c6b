-- Up Migration
-- A timer of this table reviews all referrals of these people: whether two of them are for one need, and after a message of the vault about
-- them began or ended to wait unread.
ALTER TABLE second_referral_check RENAME TO person_review;
