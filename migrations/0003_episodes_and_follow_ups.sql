-- The rows of the parts episodes and follow-ups, as they were accepted.
--
-- After the five key columns come the stored columns of returns/parts/<part>.c in their order and with its types (a test
-- compares them): days as date, numbers as int, flags as boolean, everything else as text. postcode and dateOfBirth are used and
-- dropped, so they have no column. The rows are written by COPY after the judge has judged them, and read back only as they were
-- sent; hence no checks, no foreign keys and no index but the key, each of which would cost more than the rows themselves.

CREATE TABLE episode (
    service               text COLLATE "C" NOT NULL,
    provider              text COLLATE "C" NOT NULL,
    period                smallint NOT NULL,
    version               int NOT NULL,
    row                   int NOT NULL,
    episode_id            text COLLATE "C" NOT NULL,
    client_id             text COLLATE "C" NOT NULL,
    local_authority       text COLLATE "C",
    quit_date             date NOT NULL,
    age_at_quit_date      int,
    site                  text COLLATE "C",
    adviser               text COLLATE "C",
    lsoa                  text COLLATE "C",
    imd_quintile          int,
    gender                text COLLATE "C",
    sexual_orientation    text COLLATE "C",
    ethnic_category       text COLLATE "C",
    nssec                 text COLLATE "C",
    free_prescription     boolean,
    pregnant              boolean,
    intervention_type     text COLLATE "C",
    setting               text COLLATE "C",
    aid                   text COLLATE "C",
    serious_mental_illness boolean,
    homeless              boolean,
    substance_misuse      boolean,
    swap_to_stop          boolean,
    extended_support      boolean,
    long_term_conditions  text COLLATE "C",
    housing_tenure        text COLLATE "C",
    outcome_4w            text COLLATE "C",
    follow_up_4w_date     date,
    follow_up_4w_method   text COLLATE "C",
    co_4w_ppm             int,
    co_4w_date            date,
    outcome_12w           text COLLATE "C",
    follow_up_12w_date    date,
    co_12w_ppm            int,
    outcome_26w           text COLLATE "C",
    follow_up_26w_date    date,
    outcome_52w           text COLLATE "C",
    follow_up_52w_date    date,
    satisfaction          int,
    delivery_date         date,
    smoking_at_delivery   boolean,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE episode IS 'One row a quit attempt whose quit date lies in the period. Personal data (pseudonymised): for its provider alone.';
GRANT SELECT, INSERT ON episode TO quarterday_app;

CREATE TABLE follow_up (
    service    text COLLATE "C" NOT NULL,
    provider   text COLLATE "C" NOT NULL,
    period     smallint NOT NULL,
    version    int NOT NULL,
    row        int NOT NULL,
    episode_id text COLLATE "C" NOT NULL,
    stage      text COLLATE "C" NOT NULL,
    date       date NOT NULL,
    outcome    text COLLATE "C" NOT NULL,
    method     text COLLATE "C",
    co_ppm     int,
    co_date    date,
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE follow_up IS 'One row an outcome that came after its episode. Personal data (pseudonymised): for its provider alone.';
GRANT SELECT, INSERT ON follow_up TO quarterday_app;
