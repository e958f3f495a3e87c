-- The rows of web-analytics and media-activity, as they were accepted; as 0003.

CREATE TABLE web_analytics (
    service               text COLLATE "C" NOT NULL,
    provider              text COLLATE "C" NOT NULL,
    period                smallint NOT NULL,
    version               int NOT NULL,
    row                   int NOT NULL,
    month                 text COLLATE "C" NOT NULL,
    visitors              int,
    new_visitors          int,
    page_views            int,
    bounce_rate_percent   numeric,
    web_chats             int,
    video_calls           int,
    downtime_minutes      int,
    support_issues        int,
    average_resolve_hours numeric,
    top_pages             text COLLATE "C",
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE web_analytics IS 'One row a month: the website.';
COMMENT ON COLUMN web_analytics.month IS 'YYYY-MM.';
GRANT SELECT, INSERT ON web_analytics TO quarterday_app;

CREATE TABLE media_activity (
    service     text COLLATE "C" NOT NULL,
    provider    text COLLATE "C" NOT NULL,
    period      smallint NOT NULL,
    version     int NOT NULL,
    row         int NOT NULL,
    date        date NOT NULL,
    channel     text COLLATE "C" NOT NULL,
    language    text COLLATE "C",
    description text COLLATE "C",
    PRIMARY KEY (service, provider, period, version, row)
);
COMMENT ON TABLE media_activity IS 'One row a post, film or other digital media activity. Rows have no key: two may be equal.';
GRANT SELECT, INSERT ON media_activity TO quarterday_app;
