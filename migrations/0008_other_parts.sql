-- The rows of harm-reduction, referrals, contacts, training-sessions, advisers and sites, as they were accepted; as 0003.

CREATE TABLE harm_reduction (
    service                text COLLATE "C" NOT NULL,
    provider               text COLLATE "C" NOT NULL,
    period                 smallint NOT NULL,
    version                int NOT NULL,
    row                    int NOT NULL,
    pathway_id             text COLLATE "C" NOT NULL,
    start_date             date NOT NULL,
    client_id              text COLLATE "C",
    episode_id             text COLLATE "C",
    outcome                text COLLATE "C",
    outcome_date           date,
    local_authority        text COLLATE "C",
    age                    int,
    gender                 text COLLATE "C",
    ethnic_category        text COLLATE "C",
    nssec                  text COLLATE "C",
    imd_quintile           int,
    pregnant               boolean,
    serious_mental_illness boolean,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE harm_reduction IS 'One row a person on the harm-reduction pathway that began in the period. Personal data (pseudonymised): for its provider alone.';
GRANT SELECT, INSERT ON harm_reduction TO quarterday_app;

CREATE TABLE referral (
    service                text COLLATE "C" NOT NULL,
    provider               text COLLATE "C" NOT NULL,
    period                 smallint NOT NULL,
    version                int NOT NULL,
    row                    int NOT NULL,
    referral_id            text COLLATE "C" NOT NULL,
    received_date          date NOT NULL,
    source                 text COLLATE "C",
    referrer_organisation  text COLLATE "C",
    contacted_date         date,
    first_appointment_offered_date date,
    episode_id             text COLLATE "C",
    destination_site       text COLLATE "C",
    destination_type       text COLLATE "C",
    local_authority        text COLLATE "C",
    age                    int,
    gender                 text COLLATE "C",
    ethnic_category        text COLLATE "C",
    nssec                  text COLLATE "C",
    imd_quintile           int,
    pregnant               boolean,
    serious_mental_illness boolean,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE referral IS 'One row a referral received in the period. Personal data (pseudonymised): for its provider alone.';
GRANT SELECT, INSERT ON referral TO quarterday_app;

CREATE TABLE contact (
    service                   text COLLATE "C" NOT NULL,
    provider                  text COLLATE "C" NOT NULL,
    period                    smallint NOT NULL,
    version                   int NOT NULL,
    row                       int NOT NULL,
    month                     text COLLATE "C" NOT NULL,
    calls_received            int NOT NULL,
    calls_answered_first_time int NOT NULL,
    emails_received           int,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE contact IS 'One row a month: calls and e-mails received.';
COMMENT ON COLUMN contact.month IS 'YYYY-MM.';
GRANT SELECT, INSERT ON contact TO quarterday_app;

CREATE TABLE training_session (
    service                 text COLLATE "C" NOT NULL,
    provider                text COLLATE "C" NOT NULL,
    period                  smallint NOT NULL,
    version                 int NOT NULL,
    row                     int NOT NULL,
    session_id              text COLLATE "C" NOT NULL,
    date                    date NOT NULL,
    type                    text COLLATE "C" NOT NULL,
    topic                   text COLLATE "C",
    attendees               int NOT NULL,
    out_of_hours            boolean,
    ncsct_certified         boolean,
    ratings_received        int,
    rated_good_or_very_good int,
    organisations           text COLLATE "C",
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE training_session IS 'One row a training session held in the period.';
COMMENT ON COLUMN training_session.organisations IS 'Name:attendees, joined by semicolons, as it was sent.';
GRANT SELECT, INSERT ON training_session TO quarterday_app;

CREATE TABLE adviser (
    service        text COLLATE "C" NOT NULL,
    provider       text COLLATE "C" NOT NULL,
    period         smallint NOT NULL,
    version        int NOT NULL,
    row            int NOT NULL,
    adviser_id     text COLLATE "C" NOT NULL,
    organisation   text COLLATE "C" NOT NULL,
    qualification  text COLLATE "C",
    certified_date date,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE adviser IS 'One row an adviser. A version is the whole list; it holds until that of a later period.';
GRANT SELECT, INSERT ON adviser TO quarterday_app;

CREATE TABLE site (
    service      text COLLATE "C" NOT NULL,
    provider     text COLLATE "C" NOT NULL,
    period       smallint NOT NULL,
    version      int NOT NULL,
    row          int NOT NULL,
    site_id      text COLLATE "C" NOT NULL,
    name         text COLLATE "C" NOT NULL,
    setting      text COLLATE "C",
    postcode     text COLLATE "C",
    clinic_times text COLLATE "C",
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE site IS 'One row a site. A version is the whole list; it holds until that of a later period. The postcode is the site''s own.';
GRANT SELECT, INSERT ON site TO quarterday_app;
