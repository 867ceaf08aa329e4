-- What stands between the roles and the tables: the pass of a site, and the few questions that the API may ask about
-- rows it does not see. Functions belong to the owner of the tables and run with the owner's rights (SECURITY DEFINER);
-- their search path is fixed, so that nobody slips them a table of his own.

-- The secret that signs passes: made here once, never leaves the database, readable by its owner alone.
CREATE SCHEMA IF NOT EXISTS mps_private;
REVOKE ALL ON SCHEMA mps_private FROM PUBLIC;
CREATE TABLE IF NOT EXISTS mps_private.pass_secret (secret bytea NOT NULL);
INSERT INTO mps_private.pass_secret
    SELECT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
    WHERE NOT EXISTS (SELECT FROM mps_private.pass_secret);

-- Every name in these functions is a full one: they run with the owner's rights, and a search path of their own would have
-- them planned anew at each call.
CREATE OR REPLACE FUNCTION mps_private.pass(site text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE key bytea := (SELECT secret FROM mps_private.pass_secret);
        bound bytea := key OPERATOR(pg_catalog.||) pg_catalog.convert_to(site, 'UTF8') OPERATOR(pg_catalog.||) key;
BEGIN
    RETURN site OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) pg_catalog.encode(pg_catalog.sha256(bound), 'hex');
END $$;

-- The site whose pass this transaction shows. A setting is anybody's to make, so the pass is signed: whoever smuggles SQL
-- into a statement of the API may write `SET mps.site`, but has no pass of another site to put there.
CREATE OR REPLACE FUNCTION mps_site() RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER AS $$
DECLARE shown text := pg_catalog.current_setting('mps.site', true);
        site text := pg_catalog.split_part(shown, ':', 1);
BEGIN
    RETURN CASE WHEN shown OPERATOR(pg_catalog.=) mps_private.pass(site) THEN site::integer END;
END $$;

-- A key by its id: whose it is, and whether it is valid for who knows the secret of the hash; then also the pass of the
-- site. The hashes are compared as hashes under a number used once, so the time that takes says nothing of them; the
-- stored hash is given to nobody.
DROP FUNCTION IF EXISTS mps_key;
CREATE FUNCTION mps_key(given_id text, given_hash bytea)
RETURNS TABLE (id text, valid boolean, site_id integer, site_code text, scopes text[], person text, role text, stale boolean,
               pass text)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE once bytea := pg_catalog.convert_to(pg_catalog.gen_random_uuid()::text, 'UTF8');
        shown bytea := pg_catalog.sha256(once OPERATOR(pg_catalog.||) given_hash);
BEGIN
    SELECT k.id, site.id, site.code, k.scopes, p.name, p.role,
           k.last_used_at IS NULL
               OR k.last_used_at OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 minute'),
           pg_catalog.sha256(once OPERATOR(pg_catalog.||) k.secret_hash) OPERATOR(pg_catalog.=) shown
               AND k.revoked_at IS NULL AND coalesce(k.expires_at OPERATOR(pg_catalog.>) pg_catalog.now(), true)
               AND coalesce(site.active, true) AND p.disabled_at IS NULL
    INTO id, site_id, site_code, scopes, person, role, stale, valid
    FROM public.api_key k LEFT JOIN public.person p ON p.id OPERATOR(pg_catalog.=) k.person_id
         LEFT JOIN public.site ON site.id OPERATOR(pg_catalog.=) coalesce(k.site_id, p.site_id)
    WHERE k.id::text OPERATOR(pg_catalog.=) given_id;
    IF FOUND THEN
        pass := CASE WHEN valid AND site_id IS NOT NULL THEN mps_private.pass(site_id::text) END;
        RETURN NEXT;
    END IF;
END $$;

-- Note that a key was used; the audit trail says it at most once a minute. Nobody waits for whoever is about to change the
-- key: others are let in by the same look-up.
DROP FUNCTION IF EXISTS mps_key_used;
CREATE FUNCTION mps_key_used(used_id text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH used AS (
        UPDATE public.api_key SET last_used_at = now()
        WHERE id = (SELECT k.id FROM public.api_key k WHERE k.id = used_id FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id, site_id, person_id)
    INSERT INTO public.event (site_id, actor, action, subject, detail)
    SELECT coalesce(used.site_id, p.site_id), coalesce('user:' || p.name, 'key:' || used.id), 'key.used', used.id, '{}'
    FROM used LEFT JOIN public.person p ON p.id = used.person_id
$$;

-- Note that somebody tried a key that is known here and was refused; likewise at most once a minute.
CREATE OR REPLACE FUNCTION mps_key_refused(tried_id text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.event (site_id, actor, action, subject, detail)
    SELECT coalesce(k.site_id, p.site_id), 'unknown', 'key.refused', k.id, '{}'
    FROM public.api_key k LEFT JOIN public.person p ON p.id = k.person_id
    WHERE k.id = tried_id AND NOT EXISTS (
        SELECT FROM public.event e
        WHERE e.subject = tried_id AND e.action = 'key.refused' AND e.at > now() - interval '1 minute')
$$;

-- How many submissions wait, counted up to a number: intake stops when it is too many.
CREATE OR REPLACE FUNCTION mps_waiting(most integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM (SELECT FROM public.submission WHERE state = 'received' LIMIT most) AS waiting
$$;

-- The figures of /metrics: counts and ages, of all sites together, because they need no key.
DROP FUNCTION IF EXISTS mps_backlog;
CREATE FUNCTION mps_backlog(wanted text) RETURNS TABLE (rows bigint, oldest double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), coalesce(extract(epoch FROM now() - min(received_at)), 0)::double precision
    FROM public.submission WHERE state = wanted
$$;
CREATE OR REPLACE FUNCTION mps_jobs() RETURNS TABLE (job text, age double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT job::text, extract(epoch FROM now() - max(begun_at))::double precision FROM public.job_run GROUP BY job
$$;
CREATE OR REPLACE FUNCTION mps_unsealed() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM public.event
    WHERE transaction >= coalesce((SELECT max(below) FROM public.seal), 0)
$$;

-- Keep of submissions about an erased case only that they came: of those whose bytes nobody can read any more.
CREATE OR REPLACE FUNCTION mps_forget(ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.submission s
    SET payload = NULL, source = NULL, pseudonym = NULL, idempotency_key = NULL, content_hash = ''
    WHERE s.id = ANY(ids) AND (s.payload IS NULL OR EXISTS (
        SELECT FROM public.data_key k
        WHERE k.wrapped IS NULL AND k.name = encode(substring(s.payload FROM 6 FOR 16), 'hex')::uuid))
$$;

-- A report moves one step at a time; its figures never change, and its history only grows. This holds for its owner too.
CREATE OR REPLACE FUNCTION mps_report_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'built' THEN
            RAISE EXCEPTION 'report % is % and can not be deleted', OLD.number, OLD.state;
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('built', 'locked'), ('locked', 'published'), ('published', 'superseded'))
       OR to_jsonb(NEW) - 'state' - 'history' <> to_jsonb(OLD) - 'state' - 'history'
       OR NEW.history - (-1) <> OLD.history THEN
        RAISE EXCEPTION 'report % is % and can not be changed so', OLD.number, OLD.state;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER report_moves BEFORE UPDATE OR DELETE ON report
    FOR EACH ROW EXECUTE FUNCTION mps_report_moves();

REVOKE ALL ON FUNCTION mps_private.pass, mps_site, mps_key, mps_key_used, mps_key_refused, mps_waiting, mps_backlog, mps_jobs, mps_unsealed,
    mps_forget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mps_site, mps_waiting, mps_backlog, mps_jobs, mps_unsealed TO mps_api, mps_worker, mps_staff;
GRANT EXECUTE ON FUNCTION mps_forget TO mps_worker;
GRANT EXECUTE ON FUNCTION mps_key, mps_key_used, mps_key_refused TO mps_api, mps_staff;
