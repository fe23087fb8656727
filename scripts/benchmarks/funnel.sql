INSERT INTO unit (path, parent, kind, name, created_at) VALUES ('gz', '', 'city', 'x', :at);
INSERT INTO unit (path, parent, kind, name, created_at)
SELECT 'gz/d' || d, 'gz', 'district', 'x', :at FROM generate_series(0, 10) AS d;
INSERT INTO unit (path, parent, kind, name, created_at)
SELECT 'gz/d' || (s % 11) || '/s' || s, 'gz/d' || (s % 11), 'school', 'x', :at
FROM generate_series(1, 1500) AS s;
INSERT INTO unit (path, parent, kind, name, created_at)
SELECT 'gz/d' || (s % 11) || '/s' || s || '/2024/' || c, 'gz/d' || (s % 11) || '/s' || s, 'class',
    'x', :at
FROM generate_series(1, 1500) AS s, generate_series(1, 24) AS c;
INSERT INTO follower (account, openid, follows, changed_s, scene)
SELECT :a, 'o' || substr(md5(i::text), 1, 27), true, 0,
    CASE WHEN i % 5 = 3 THEN
        'unit:gz/d' || (i % 1500 + 1) % 11 || '/s' || (i % 1500 + 1) END
FROM generate_series(1, :n) AS i;
INSERT INTO guardian (account, openid, role, is_elder, added_at, changed_at)
SELECT :a, 'o' || substr(md5(i::text), 1, 27), '', false, :at, :at
FROM generate_series(1, :n) AS i WHERE i % 5 < 4;
INSERT INTO child (account, openid, stage, entry_year, unit, source, added_at)
SELECT :a, 'o' || substr(md5(i::text), 1, 27), 'primary', 2024,
    'gz/d' || (i % 1500 + 1) % 11 || '/s' || (i % 1500 + 1) || '/2024/' || (1 + i / 1500 % 24),
    'code', :at
FROM generate_series(1, :n) AS i WHERE i % 5 < 3;
INSERT INTO consent (account, openid, kind, version, is_given, at)
SELECT :a, 'o' || substr(md5(i::text), 1, 27), 'lessons', 'x', i % 8 > 0, :at
FROM generate_series(1, :n) AS i WHERE i % 2 = 0;
INSERT INTO enrolment (account, openid, course, version, state, lesson, step, at_step, nudges,
    begun_at, acted_at, finished_at)
SELECT :a, 'o' || substr(md5(i::text), 1, 27), (CAST(:courses AS text[]))[1 + i / 5 % :m], 1,
    CASE WHEN i % 3 = 0 THEN 'finished' ELSE 'active' END, 0, 'card', 0, 0, :at, :at,
    CASE WHEN i % 3 = 0 THEN CAST(:at AS timestamptz) END
FROM generate_series(1, :n) AS i;
INSERT INTO certificate (serial, account, openid, rule, period, snapshot, signature, key, template,
    issued_at, told_at)
SELECT 'B' || i, :a, 'o' || substr(md5(i::text), 1, 27), 'star-1', '2026-2027', '', '', '', 1, :at,
    :at
FROM generate_series(10, :n, 10) AS i
