--
-- PostgreSQL database dump
--
-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
--
-- Name: gallery; Type: SCHEMA; Schema: -; Owner: likeness
--
CREATE SCHEMA gallery;
ALTER SCHEMA gallery OWNER TO likeness;
SET default_tablespace = '';
SET default_table_access_method = heap;
--
-- Name: audit; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.audit (
    number bigint NOT NULL,
    "time" bigint NOT NULL,
    action text NOT NULL,
    user_id bigint,
    process_id bigint,
    executable text,
    name_hash bytea,
    sample bigint,
    model_sha256 bytea,
    result text,
    chain bytea NOT NULL
);
ALTER TABLE gallery.audit OWNER TO likeness;
--
-- Name: commit_mark; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.commit_mark (
    store text NOT NULL,
    mark bigint NOT NULL,
    day bigint NOT NULL
);
ALTER TABLE gallery.commit_mark OWNER TO likeness;
--
-- Name: data_key; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.data_key (
    id bigint NOT NULL,
    wrapping_key bytea,
    wrapped bytea NOT NULL
);
ALTER TABLE gallery.data_key OWNER TO likeness;
--
-- Name: embedding; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.embedding (
    sample_id bigint NOT NULL,
    generation_id bigint NOT NULL,
    data_key bigint NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE gallery.embedding OWNER TO likeness;
--
-- Name: gallery; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.gallery (
    id integer NOT NULL,
    uid bytea NOT NULL,
    data_key bigint NOT NULL,
    secrets bytea NOT NULL,
    summary bytea NOT NULL,
    CONSTRAINT gallery_id_check CHECK ((id = 1)),
    CONSTRAINT gallery_uid_check CHECK ((length(uid) = 16))
);
ALTER TABLE gallery.gallery OWNER TO likeness;
--
-- Name: gallery_version; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.gallery_version (
    program text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE gallery.gallery_version OWNER TO likeness;
--
-- Name: generation; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.generation (
    id bigint NOT NULL,
    model_sha256 bytea NOT NULL,
    modality text NOT NULL,
    model_name text NOT NULL,
    model_version text NOT NULL,
    embedding_size bigint NOT NULL,
    state text NOT NULL,
    created bigint NOT NULL,
    purpose text NOT NULL,
    seal bytea NOT NULL,
    CONSTRAINT generation_embedding_size_check CHECK ((embedding_size >= 1)),
    CONSTRAINT generation_model_sha256_check CHECK ((length(model_sha256) = 32)),
    CONSTRAINT generation_state_check CHECK ((state = ANY (ARRAY['building'::text, 'active'::text, 'retired'::text])))
);
ALTER TABLE gallery.generation OWNER TO likeness;
--
-- Name: identity; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.identity (
    id bigint NOT NULL,
    name_hash bytea NOT NULL,
    data_key bigint NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT identity_name_hash_check CHECK ((length(name_hash) = 32))
);
ALTER TABLE gallery.identity OWNER TO likeness;
--
-- Name: image; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.image (
    sample_id bigint NOT NULL,
    data_key bigint NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE gallery.image OWNER TO likeness;
--
-- Name: sample; Type: TABLE; Schema: gallery; Owner: likeness
--
CREATE TABLE gallery.sample (
    id bigint NOT NULL,
    identity_id bigint NOT NULL,
    number bigint NOT NULL,
    original_hash bytea NOT NULL,
    data_key bigint NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT sample_number_check CHECK ((number >= 1)),
    CONSTRAINT sample_original_hash_check CHECK ((length(original_hash) = 32))
);
ALTER TABLE gallery.sample OWNER TO likeness;
--
-- Data for Name: audit; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.audit VALUES (154, 1800000000, 'enrol', 1000, 4242, '/usr/bin/enroll', '\x190b88970a0bb1826508383e5037f2074c0cb37d7dfc966d876726da3315f0a7', 5, '\x0505050505050505050505050505050505050505050505050505050505050505', NULL, '\xb2f630c95986536e548729abad2dcf7066074568733b12400293b6f3ded64b14');
INSERT INTO gallery.audit VALUES (155, 1800000000, 'activate_model', NULL, NULL, NULL, NULL, NULL, '\x0404040404040404040404040404040404040404040404040404040404040404', 'done', '\x4c72ff2b347c91b6a0403cc20c96b49bd912e724977d1ea8845f8cc034c3ba82');
INSERT INTO gallery.audit VALUES (156, 1800000000, 'enrol', NULL, NULL, NULL, '\xee0f5b5585915cfd031b57516a9039070643b2456ec57f054590f85a82e29ef0', 2, '\x0404040404040404040404040404040404040404040404040404040404040404', NULL, '\xa22fb39e33913012f8f4516e728c2184ef34529666d026210d1051eb60bb4501');
INSERT INTO gallery.audit VALUES (157, 1800000000, 'remove_identity', 0, 1, NULL, '\xc561feabac0b5293f08f6034ea222f76b83cb399b6a8b163415e46f3f70c6049', NULL, NULL, NULL, '\x02e125e3b19e7073b3912759b2dadcac3144b77832a7a5af43cdf4d1ee66e992');
INSERT INTO gallery.audit VALUES (158, 1800000000, 'enrol', 0, 1, NULL, '\x62b33466edd97d6ca2f60bfc9fa74c98eef47d57110fda5e262b14fd39f37e25', 3, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\x11d5b5d8339320ffd7dd288aefbe76987333f13e570007503dd1384d35a3a7f5');
INSERT INTO gallery.audit VALUES (159, 1800000000, 'enrol', NULL, NULL, NULL, '\xd7e7e1793999fbfc3d2231285acf357a44c48a4b53ee758f03407a7b0be0316d', 1, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\x7a97a97b36d15f78e94220f3d5e564017947a508ca5d9be41e0afee3bcfeb9c0');
INSERT INTO gallery.audit VALUES (160, 1800000000, 'begin_rotation', NULL, NULL, NULL, NULL, NULL, '\x0505050505050505050505050505050505050505050505050505050505050505', 'rotation 0.25', '\x260394596d7da5cfca35ebb86279f2988514479ec87531887da2a53d2f8cb9f4');
INSERT INTO gallery.audit VALUES (161, 1800000000, 'backup', NULL, NULL, NULL, '\x364d9aaa1ca0c17ff8e8d027cb57b4d90ef3e6b961f74dac111e320bb8f5d0c8', NULL, NULL, NULL, '\x9865b73f78e54f85b59102ec31b1eb3ac7c64db9babe80f3e7b3ea32ecce103f');
INSERT INTO gallery.audit VALUES (162, 1800000000, 'verify', NULL, NULL, NULL, '\xc561feabac0b5293f08f6034ea222f76b83cb399b6a8b163415e46f3f70c6049', NULL, '\x0505050505050505050505050505050505050505050505050505050505050505', NULL, '\x6a1acbcffee27c4e8a6f8df9ab12886126a3a37fbd02fadfd0e83267b9d80c84');
INSERT INTO gallery.audit VALUES (163, 1800000000, 'enrol', NULL, NULL, NULL, '\x2136af1cdfe3be7983d46b5ed8ae8769058f02f2c6dcae5f5e2198c5e1c07237', 1, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\xe1c4e37ecd5630d8c80b5cb08f963fde7ec0eb9254feef3dbe09702833fc3f07');
INSERT INTO gallery.audit VALUES (164, 1800000000, 'enrol', NULL, NULL, NULL, '\x364d9aaa1ca0c17ff8e8d027cb57b4d90ef3e6b961f74dac111e320bb8f5d0c8', 3, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\x2023280e0c1d2242903af705ae1b7227c892a30bb2ba1670d231b14d7197d0ff');
INSERT INTO gallery.audit VALUES (165, 1800000000, 'enrol', NULL, NULL, NULL, '\xa72f93ac7b61986bddd8a412ac6b30940e104fb7162e892401ec73966a80bb28', 2, '\x0404040404040404040404040404040404040404040404040404040404040404', NULL, '\x0f6fd473d2c9c7270fe5e6b3658cacc0f560d68ddeb2d66f1e89f4fcf56b4679');
INSERT INTO gallery.audit VALUES (166, 1800000000, 'enrol', 0, 1, NULL, '\xa72f93ac7b61986bddd8a412ac6b30940e104fb7162e892401ec73966a80bb28', 3, '\x0404040404040404040404040404040404040404040404040404040404040404', NULL, '\x790eb1928022b7592a105a1600ab5efab978df27d425b34e90782e3032e1f466');
INSERT INTO gallery.audit VALUES (167, 1800000000, 'enrol', 1000, 4242, '/usr/bin/enroll', '\x62b33466edd97d6ca2f60bfc9fa74c98eef47d57110fda5e262b14fd39f37e25', 4, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\x1e4f25ba8c8ad2af5e289472779bbb047a67d93f2472d5a0545ef2d569f7438b');
INSERT INTO gallery.audit VALUES (168, 1800000000, 'enrol', 0, 1, NULL, '\x8acd986475684991659c8c0b5373c06a9635822ded0a5fd47ad38bd129b1a1af', 1, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\x5be61e871cdc4554605a007ec82e8408f7aaac417864cd4ff366ece7263d4c59');
INSERT INTO gallery.audit VALUES (169, 1800000000, 'enrol', 0, 1, NULL, '\xa72f93ac7b61986bddd8a412ac6b30940e104fb7162e892401ec73966a80bb28', 4, '\x0404040404040404040404040404040404040404040404040404040404040404', NULL, '\xa935f0b67cb8caa28dbc6f545d89d668630ecc882ec8e2f7ff190ec2fa05d83a');
INSERT INTO gallery.audit VALUES (170, 1800000000, 'enrol', NULL, NULL, NULL, '\xbfbb4163f8760453af649fe42d69978a97d9a293aa48649c3aabe790b0622e78', 6, '\x0404040404040404040404040404040404040404040404040404040404040404', NULL, '\x08863a9641ba24c09ad30b51bb13589eb4fc889768ed0a301696fa7d227f8fcb');
INSERT INTO gallery.audit VALUES (171, 1800000000, 'enrol', 1000, 4242, '/usr/bin/enroll', '\x9df11d89dbc0845004b423eeec83407ac40efd507cdb43d93bfb8d0e4d4288a6', 2, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\xa99c84a42b480dea272a92dc80a46dd029fc5668fd7501dea3c7c51553bbb50c');
INSERT INTO gallery.audit VALUES (172, 1800000000, 'enrol', NULL, NULL, NULL, '\x62b33466edd97d6ca2f60bfc9fa74c98eef47d57110fda5e262b14fd39f37e25', 5, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\xc83809b471020aad1cb927b500fc8552e016c1f05bbe294c2525f4931217510a');
INSERT INTO gallery.audit VALUES (173, 1800000000, 'enrol', NULL, NULL, NULL, '\x5f3d9ed27fc41ebd271d6a46fde6ba29e3212eeddecf8eef8954bde5405e583a', 3, '\x0101010101010101010101010101010101010101010101010101010101010101', NULL, '\xcb0a2d5d4b7e0d2c1696ccbbc384a74400248aa1bcd2a2d34fc414f48dad5d59');
INSERT INTO gallery.audit VALUES (174, 1800000000, 'trim_audit', NULL, NULL, NULL, NULL, NULL, NULL, 'entries up to 153 removed', '\x644cc791a5468d9fbcbb0edb305567427a5e8e4c71d75f89dcbcb473d78cdd24');
--
-- Data for Name: commit_mark; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.commit_mark VALUES ('edb700540d4fb53f', -4933812182619055899, 20782);
--
-- Data for Name: data_key; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.data_key VALUES (2, '\x83384ebb310643ef', '\x3c9435aae4b49d4eb2c64f186104e5aed37152ae6234e7ac5e3ae73841c781c240bb4095fb3d4782bb3d3d6610ea578803f1ed8662f9b71a03921889');
--
-- Data for Name: embedding; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.embedding VALUES (84, 3, 2, '\xf6d9104ad0bae766819dd5149bc2397d6e7592176c8c1a0cba0e6638fa59a95679');
INSERT INTO gallery.embedding VALUES (84, 4, 2, '\x4f2f95c801b3e739e3ccca5752962edefb0cb6b0cbb7b82c8c6f343fb91621e4fd4acfcd4ac2fd3b47');
INSERT INTO gallery.embedding VALUES (42, 3, 2, '\x34f96de21b297989c9cfe6d2b607113dda8ea0a056857d8d887fb7c1b18d57e0a0');
INSERT INTO gallery.embedding VALUES (95, 2, 2, '\x162fc4a4c4cdeb2218fdd46840bec4ee153ababbbb2a7fc3e3307f19355f022186945953031f6a587b');
INSERT INTO gallery.embedding VALUES (47, 3, 2, '\x9d3d578d071b904b9dbcc37f9eeba0101f5b89dbc00a5ec975cc91490d2cff70fe');
INSERT INTO gallery.embedding VALUES (101, 2, 2, '\xe1b97c00a8f2847e0efb5d9429725bfafc16f16ff335d86400fda97a31e240bd4a1395eea28285a04c');
INSERT INTO gallery.embedding VALUES (101, 6, 2, '\x01de84ea88e6456245b698879e4f57778d6eef2f8f134fd28322351ca1fc11e8e95dbd9cac4fa622e9');
INSERT INTO gallery.embedding VALUES (42, 4, 2, '\x6921757203041f6313bac3c7868792578c0b6f80882e316c093aa9f7f099dc2df4a2f518e74b2cad1b');
INSERT INTO gallery.embedding VALUES (20, 6, 2, '\x06709a15022af9500b946383c0d6f6ec0371e3d5c9b4e359946b16e2dd24503e0c74197b');
INSERT INTO gallery.embedding VALUES (102, 3, 2, '\xd47c4d21177d46cf0b5be8170e47c576c29f3b1156c13aa91aa087d62aea892ac1');
INSERT INTO gallery.embedding VALUES (32, 6, 2, '\x1ea4d05cd5af166410dfaecd995e5feb9905e02a0a9b556a17cd35e2844dc897d0d90d61');
INSERT INTO gallery.embedding VALUES (102, 4, 2, '\x043f79bf1b25159444c72982ceaa1811cf6201729f1b017cf761059daceaedca61d31589d71a7bc764');
INSERT INTO gallery.embedding VALUES (103, 3, 2, '\x514472f7c001887ef81b148cddcd1c005082d9b47998ec404f4bb53a88f9714dbf');
INSERT INTO gallery.embedding VALUES (45, 6, 2, '\x461b135b9a6e60a29051152affafed21740eae23eea63cbeeac35e17dcd934d969a96b20');
INSERT INTO gallery.embedding VALUES (103, 4, 2, '\xa479fea8cb02361740ca31da88a8ea478ed2334e0afe561246fde72ba2e3f78e8f169abf95fb66bf77');
INSERT INTO gallery.embedding VALUES (99, 4, 2, '\x1eeec6a6e8688da3ee613b3445f9ec056d09dc8497a03e02d3e230ab922741549079de79389d078cc7');
INSERT INTO gallery.embedding VALUES (78, 3, 2, '\x0f36a264aa9aa8a2f47d21c095087c1c36039b50640129de05c8461a6696d7d8f9');
INSERT INTO gallery.embedding VALUES (95, 6, 2, '\x8a303d51ef61e948bd35284172b6dd6b4c622210ef87606f70933a7e7a37d608a55b868545061820ff');
INSERT INTO gallery.embedding VALUES (73, 2, 2, '\xece5e401ad0fc85a6f38d7a7853cf66233a6bb6576c28016a9a66196c0aa2b3fcc8a927a96699e34d2');
INSERT INTO gallery.embedding VALUES (73, 6, 2, '\xba49b1d54e107d9789a6ecff84d26890b4703f43aea58f515b8ca190869031cc70ff7af19c1ce8799b');
INSERT INTO gallery.embedding VALUES (44, 3, 2, '\xa84bdb42da99e2377946c8fbcd42a5af916a9933fc2fc3aac5fb32e8c4b769519b');
INSERT INTO gallery.embedding VALUES (45, 2, 2, '\xd2dba2214b1a4c29467d015049552ed50ad026eb5e378964ae96151e4802da9317a78e147235fa9c7e');
INSERT INTO gallery.embedding VALUES (44, 4, 2, '\x22d6d089742aaa30063937c50189fe1dc110d3cd3f39063f4eb70cec54ce23b38b0f9e8aad60947b17');
INSERT INTO gallery.embedding VALUES (47, 4, 2, '\x647b1022daee722f09a1f74ca9e0b48ab2964801ec3a38b7b9bf6b0b502dfdce7ac1c5bba38cb085f8');
INSERT INTO gallery.embedding VALUES (104, 3, 2, '\xc6e6d9a3f4f216ee03105e7681f24bad20ff28f9fcb775dade0cb43b08f8c0a3a2');
INSERT INTO gallery.embedding VALUES (105, 6, 2, '\x38e6f71fdec0143a8a16987a51629e517a3f97823f29187cf30cbc4aca2de241b5246401e71912e7de');
INSERT INTO gallery.embedding VALUES (75, 6, 2, '\x985988248c27f16022fc97d33e5066e5feed7b4806ca92fe4d822294d02500a4c35fd6530bd885fbb4');
INSERT INTO gallery.embedding VALUES (51, 2, 2, '\x40b4c1a50c1ffbb1224bdf8a142567d6736bfdbb25ff3d5e5d61249d4a0f3923857659f365a13c4c03');
INSERT INTO gallery.embedding VALUES (52, 3, 2, '\x16c620c2c3a9dbce7111bd9c9083329ac9a45e547c570afdf078b87f14c1cc1599');
INSERT INTO gallery.embedding VALUES (51, 6, 2, '\x6264697bed9731ae4f37ee173aa95cc9acb59c262efeb8479f725fdfbb63a275f9b13e1f42c4342181');
INSERT INTO gallery.embedding VALUES (53, 2, 2, '\xad99cdae68aca8dec38bdbdaaacb707c9619359f7e999408a3c861face65dc6a261bd23aa1e79881df');
INSERT INTO gallery.embedding VALUES (53, 6, 2, '\xa04b7e2db61e5f9ee4e11373a3c19a826cb67f86bfe49ef05e0c43ab3d59ad360ff6c1dccfd25c4d30');
INSERT INTO gallery.embedding VALUES (96, 2, 2, '\x11fda029ee0b3a675cf43728c43315f0ad6b4135801ea0ad369eb1092425473d026f10086434b9246e');
INSERT INTO gallery.embedding VALUES (67, 6, 2, '\xc5d4feb6a393c489a364db711339aaccf7af8a62c2fb79b342c29d6a2fb558f2c3110457');
INSERT INTO gallery.embedding VALUES (67, 2, 2, '\x8c60e0ec86fdf2d15ec3b92f4ba8a1cf2158e5951a9a6b473d6828f0817eb6b58fbe61eeb6eff9195d');
INSERT INTO gallery.embedding VALUES (85, 2, 2, '\xf4dc766079782f3d6823feb4cce733381f2ac617acb6c366a2ec46f5856266c7c6071a6cb997e52d7d');
INSERT INTO gallery.embedding VALUES (85, 6, 2, '\x5a3803050f63d0e56ee21f92b21b2c77bdeb5300cf8461f81519b8211cfdd8ab92b0f737a90b146561');
INSERT INTO gallery.embedding VALUES (57, 2, 2, '\x7e7cdfa1f1e5b85ae285e1e421a1e77f8325efdacd0f014cfa7b5cfffac2a363c8fde8a3b9602b7a63');
INSERT INTO gallery.embedding VALUES (100, 4, 2, '\x7eb4bfc89d44158744ccfa9da2402be3360ca31aa4db14b51497b27ea79a51fbb24869e3062ee86663');
INSERT INTO gallery.embedding VALUES (57, 6, 2, '\xb847c6541a688ea02724ec90d066f3ab954213e494e3614f6da510fcc4ff3e5ec9c550667298219a77');
INSERT INTO gallery.embedding VALUES (63, 3, 2, '\xbd03fdf85a18aef0e2bff1e39816809908a30290b4b828c0526370983e16524bbf');
INSERT INTO gallery.embedding VALUES (63, 4, 2, '\x8ca0a14285071f85a31f53084c21edc6ce29878db93165310d7aa4b4b7fc2944aaae73977191c4ea69');
INSERT INTO gallery.embedding VALUES (60, 3, 2, '\x9b1c3a6e7f21203827669d4dc618651b8d96a8272fb9f4f28ad75fbd7ab3784081');
INSERT INTO gallery.embedding VALUES (61, 3, 2, '\xfa317ad8cf675a65538eb6c459fd48c39656624c6ef92a0608fe96dbbf88068df2');
INSERT INTO gallery.embedding VALUES (62, 3, 2, '\xa86e396121354302226bb3c58a5d24225a1192797cf0297ce901dc254ee778312f');
INSERT INTO gallery.embedding VALUES (62, 4, 2, '\x1f982269582a99f11cbb8af4331f6e6d0fd84757e44dae347bb3b368ed74e66b6efab2b731a2941431');
INSERT INTO gallery.embedding VALUES (81, 3, 2, '\x29e7a5af9e2488b031711f0c9ad97a9cef3f0dee96b6ba4c2d57a5b1e14bf7a4c1');
INSERT INTO gallery.embedding VALUES (4, 3, 2, '\x050685e6e9950df83dd6afd45643dd53bc6d4c3360a54d6fc6246f2d5fdd351e1e');
INSERT INTO gallery.embedding VALUES (4, 4, 2, '\x9562a928adec3a8f4cf79ad97f5f014ba2e60a14bfa5869e41dafd36bf3411f5f861d86ca85c86d098');
INSERT INTO gallery.embedding VALUES (111, 6, 2, '\x4c7851007da94842055f0c77ee79d1414b2511fa8498d8284caef8f90a2eac5d37b03ddd6f4d47df92');
INSERT INTO gallery.embedding VALUES (112, 6, 2, '\x12263237c01f7e13451daab87591caa6c5a8e42bedb078965d8469916eccab29483aaab56e53ab442d');
INSERT INTO gallery.embedding VALUES (81, 4, 2, '\xb3f9d54bc7be978b7fd9b8e0bed17b6ec1c982367bec2202d0e5d06be7c809d1116d4148b16e');
INSERT INTO gallery.embedding VALUES (91, 3, 2, '\xc2a644bfa41a0f31b429c582fcc5ad1ad540576bb03134eea370f56d29dcac8272');
INSERT INTO gallery.embedding VALUES (18, 3, 2, '\xca4004ec82eae871dd90033dbddd68127a8e10d3c33f26a7d2f6aff2413795f110');
INSERT INTO gallery.embedding VALUES (18, 4, 2, '\xa14c2c01a6d0ec933182c287eb59586453a03b3c8a2ad49ca8e0bd36c7aed2754b83b8dfbcacf84c26');
INSERT INTO gallery.embedding VALUES (20, 2, 2, '\xd7154440d30c86e7c6dc84f627814ff2ab650854a231ed43188e905870bfa008647702b3fa363f3e24');
INSERT INTO gallery.embedding VALUES (68, 2, 2, '\x58feff540cf86d81b98d404365c3bae95a2cebf2c93c185c5b72d33c81a5bed8833bea7058866dcbd1');
INSERT INTO gallery.embedding VALUES (21, 3, 2, '\x83c5882952c8df82bd85b3ae65604f6aa8ab81a2d19c64f869eb155fb758eac706');
INSERT INTO gallery.embedding VALUES (21, 4, 2, '\x497f0bca167304ff16ea50a8466562d38318439c4a300e2354a0652bca5f01a10ed15c867fce3d8099');
INSERT INTO gallery.embedding VALUES (69, 3, 2, '\x15321207d23c7a09940ee4176f86dd1355d0285e009dfb64221a40a819d3c6429c');
INSERT INTO gallery.embedding VALUES (69, 4, 2, '\xb230382d2f1598c62ec497b61fd960c0cb46a4c87d0f4734cc7e7ef9f061bf8a1cae320bf46b1ab84a');
INSERT INTO gallery.embedding VALUES (70, 3, 2, '\xeab5c8922b0bf6e6fc6f306ef62a0adf3bb4cb4c494936683f68320709fc5e61c3');
INSERT INTO gallery.embedding VALUES (70, 4, 2, '\x079c7d28b1513d653cf694bffebb02316a47f1ec942426c8c31c0fb7e9bfb827f115be3fc796dcc0c6');
INSERT INTO gallery.embedding VALUES (71, 3, 2, '\x196b9305fd83041259996a66de5b6526254edb74385763d2758bd5d14ac2210b8e');
INSERT INTO gallery.embedding VALUES (71, 4, 2, '\x9ff80337a033a9f5f63973f2b28677b61d63fbf62430de18ed0a2308026a439ab0b544bf03c2c881d6');
INSERT INTO gallery.embedding VALUES (72, 3, 2, '\x4ddb658d8c2773a40c57733af7a1b27db580e200ad3f187835cfb6a4686e5d4cf7');
INSERT INTO gallery.embedding VALUES (68, 6, 2, '\x19c9bd3b5bb6417932821f65b6787117515180fcc39625e937bd88a359485bb8d96c3a58');
INSERT INTO gallery.embedding VALUES (75, 2, 2, '\xc9e5a8cfe2d2583373545acd41e6fad67f854cb3898960bc225d2e4e2d52234342434eab7d5769fc87');
INSERT INTO gallery.embedding VALUES (77, 2, 2, '\xb010d0dba87f8a075097a295cbb4fc78534c6eb00af69203a1a47c8aded61121b95a8273f688bf887f');
INSERT INTO gallery.embedding VALUES (77, 6, 2, '\x09af3dbed3639467b9d211234b22124f6f04e97ad0d45402130811d715ce20512d42955a7cad7e16a9');
INSERT INTO gallery.embedding VALUES (82, 3, 2, '\xed443442752c7af61873742d1b56925e20076baa4c66783422a559ad8a59699749');
INSERT INTO gallery.embedding VALUES (82, 4, 2, '\x611554ad7a467e1ee86519804b354b32c1dee04b9c9970b05e1a6003807aa3a10b5b405ebddbfcea08');
INSERT INTO gallery.embedding VALUES (83, 3, 2, '\x8b6ce4b1f437559ee1a2d67f6d80a68963b6e34a403d8983e09813eb472669d5d6');
INSERT INTO gallery.embedding VALUES (83, 4, 2, '\x2b69bb2132d22bbeaf239d2a1685d68e1e6f95ce6e7b3e6209ae2a4552e917a6fdd7a1a95d534ad434');
INSERT INTO gallery.embedding VALUES (52, 4, 2, '\x5f88b223a96b5f31a5acb93dcf74d4733f7242cf13164f401dec27884d3f878e114f7a649ddc4c3dfd');
INSERT INTO gallery.embedding VALUES (60, 4, 2, '\x2f5f050f34f9a8bc596f103f546ebf67fba999cb7857beb70f4bee9af11effedbee8640ae33a7a44d5');
INSERT INTO gallery.embedding VALUES (61, 4, 2, '\xe7d92dba50e90abfd6c66b9cd10be1513d9239e67c51bb95bd741924ab9b04f7448263aaa3f024ff11');
INSERT INTO gallery.embedding VALUES (92, 3, 2, '\xc4b3cbdcc95efb187ba1ad72a28619e93d33461c53d2a11cc2bb2cf32d4ddedac0');
INSERT INTO gallery.embedding VALUES (72, 4, 2, '\x2ebbb035d636fc3582e514c111de0df05d4d220b2a16cc231c3eaa536e67aec0389daaacdbf6360d0b');
INSERT INTO gallery.embedding VALUES (78, 4, 2, '\x9fa801df15c1520a87cedd0ab844ffc0440649de54f96ef78382bb4ded7e4657af29c182bdcfe5ad88');
INSERT INTO gallery.embedding VALUES (86, 2, 2, '\xa700c03c05aea592d50ea622b14fcbaf6be8a3c1e1d5a4d82feccc7c972fc6216dac54349776dfdbac');
INSERT INTO gallery.embedding VALUES (86, 6, 2, '\xda047304e221841e1153f57372de876ca1fe8a8c4695d5d4515bcea2113d4f60edc0806fcdc495876e');
INSERT INTO gallery.embedding VALUES (87, 3, 2, '\xf25dd156b48b43bbe95e2a6d8eaf111a2fbcf96d27695d9403c2a75073671ea294');
INSERT INTO gallery.embedding VALUES (30, 3, 2, '\xa3f812e22aa6a0417bf45f9c338d3509b60e6e48aaf6b5e207e17404d04e8eae1c');
INSERT INTO gallery.embedding VALUES (30, 4, 2, '\x553f099c335e2f155401c4a5a7e98cfaeb334f237621034a806642408f28a38116e842fca04d585355');
INSERT INTO gallery.embedding VALUES (31, 3, 2, '\x4086c99df03f70c15c51bfc9939c6acde15459aa5280d3d0dad1a8e12e7b99d560');
INSERT INTO gallery.embedding VALUES (31, 4, 2, '\x66e9447e7582ef9612b84e1e9982d11bdf57bc1e30b88df568fdd4f6eda62f3e71e413b1bd96c7d19e');
INSERT INTO gallery.embedding VALUES (32, 2, 2, '\x7b3273604e4bd6dd395c6268898a681f25d4d4c97d53869a6a08209d1d3865322194b30029ecc4470f');
INSERT INTO gallery.embedding VALUES (87, 4, 2, '\x288b9aac52ebb6d4c7419541672f048a2315d494310a75cc9b0ca4c56f76c1a3a7d718302cd23d6b34');
INSERT INTO gallery.embedding VALUES (88, 2, 2, '\xdf857e9cbd8156d0d7e08dd518ac7c7b6f456705b3abf464c04a79efeb7ef9ab222ef044874bd5c214');
INSERT INTO gallery.embedding VALUES (88, 6, 2, '\xb01c8d3fb7ae21c8ca45243191d7d7493d81afe36abad8fb9f24a9f98ba45874f80defcd5c29163e28');
INSERT INTO gallery.embedding VALUES (96, 6, 2, '\x72b3cebdb1917015ca557bad71ed2bc94d709ef7c04f95ed72a7bcf3c7d3b5955a44f7b16825e5e2ca');
INSERT INTO gallery.embedding VALUES (97, 3, 2, '\x67afd182177c9192fb60833188885a49ee6833c001ff0ea76da1e0518344189533');
INSERT INTO gallery.embedding VALUES (106, 3, 2, '\x23db7e24b2ce284e1cadea9e2656820f7b256c4a288eb605c4d60c5d17bc7bff73');
INSERT INTO gallery.embedding VALUES (106, 4, 2, '\x46d6833d540f806b3dc6bd2f91ebf9135adee87672be76d70e93f5e8f206373e852a661199cfd5109d');
INSERT INTO gallery.embedding VALUES (99, 3, 2, '\xdab35756e55ee795e73e0342a63c5cab2d9bdf580103a1f5b172c8a0ea05eba2e8');
INSERT INTO gallery.embedding VALUES (89, 4, 2, '\x3014d685778183ff35d4a67483fe6d231cc2978bb7a7f10c46ae99dc1ac9bc3f9550d80b22b7640c0b');
INSERT INTO gallery.embedding VALUES (89, 3, 2, '\xb20e457a98da63fcfe0bb9a9a473acd3dd5b1678e68539d9a0fca9b8bddc8b8ed5');
INSERT INTO gallery.embedding VALUES (90, 3, 2, '\x62c98b643d0c7792575863f0308d6e40d33e1d1b4056a955f94a4e4770f999febf');
INSERT INTO gallery.embedding VALUES (38, 3, 2, '\x22cb341b0bcda28301a013405ccf3171af6649819af356f525c0a0f98b93ac7edd');
INSERT INTO gallery.embedding VALUES (38, 4, 2, '\x9dc398feeefc1932dbe5b19cd57aa68515f6e91e6d2d545e789e02c324c7ae3c85ddfe1b45b718199c');
INSERT INTO gallery.embedding VALUES (107, 6, 2, '\xc79a40927533ca012bb023ec36f3c2ec883fd09bad22f8b0ff7e15df7d5a9d64dceaa5e0ebbca737bc');
INSERT INTO gallery.embedding VALUES (108, 3, 2, '\x65e0891a05bfbb33c1834b27f0201bf4f30fc7600818bb0551c9ad07abcb90051f');
INSERT INTO gallery.embedding VALUES (40, 3, 2, '\x50bc562db903bd59b085ee6281edc9176b6989b9f3d56d2b4bd9ac3d0a6de86740');
INSERT INTO gallery.embedding VALUES (40, 4, 2, '\x6fe93eda7f05cc0b7fccfc4997540595e1129b3808bba4fd57fe455b02268267dc2f7502f57bb75cfe');
INSERT INTO gallery.embedding VALUES (90, 4, 2, '\x8b07c9679be160fc49ad2198cfd866765abfa776e4053ce1b0eb43be6be490ddb8f0b33157169fdfc5');
INSERT INTO gallery.embedding VALUES (92, 4, 2, '\xae2d9d88981542bdd8f1444025ab46581cfc132dff31038c6e61f18b24d718ab11c77e78b824');
INSERT INTO gallery.embedding VALUES (93, 3, 2, '\xaf753c02f4868ccc28b407320cd698e880352d36ae933e81a489cf6f0e3d38c9e6');
INSERT INTO gallery.embedding VALUES (93, 4, 2, '\xc53acf3ca76e76938c0c331da09323a7feedeb2fffba504ce5bbf2c46406ace95410de368361359c83');
INSERT INTO gallery.embedding VALUES (113, 6, 2, '\x9f24e289cbcd8ba2bdc35bb0e9ce735689046d0cc43721f18ac34f4567f30d23fafe79f7c10552a761');
INSERT INTO gallery.embedding VALUES (91, 4, 2, '\x67c1285740ee1c755f71d24c39ff9f29345b7c2f8bd99a8d2b46c4d43496de2c21d8fb913fba1c9b75');
INSERT INTO gallery.embedding VALUES (114, 2, 2, '\x95b15b3ef07b5412e910d7da25e17934e0184485bddbbb174953dc5037a77f7995f9eaf3b6dcc1b802');
INSERT INTO gallery.embedding VALUES (97, 4, 2, '\x016eb8cd3a5b2534b5b40cadf949dfdd9938a0f4d3e3cb65037c0141640f2fc18997c4712a97bc48eb');
INSERT INTO gallery.embedding VALUES (100, 3, 2, '\xce9c2fbac9405d33d0d082489404ea0a7c8ce36501091c6ea9172a50560b8a8cce');
INSERT INTO gallery.embedding VALUES (109, 3, 2, '\x93e948f6cd28b6068d55666cdbbaf7358acd64a29d939b2db6c603aa8fc405282d');
INSERT INTO gallery.embedding VALUES (104, 4, 2, '\x8319da36a76b2c0f6c7c2b2f975696d181e02cea873c5433ba62cd6f42c0db6fe57700b0b30f008663');
INSERT INTO gallery.embedding VALUES (108, 4, 2, '\xc1c5c8bac05d202585a46808b7def2e176e8604034c6c97786e2b9b9e8769e073146a7ecfbeda33729');
INSERT INTO gallery.embedding VALUES (109, 4, 2, '\x064e5046c4a2621f5a745bdbf797ad80c52b7b5e213ea1e99f422b6251a5c2b55b0a100265f9a5de31');
INSERT INTO gallery.embedding VALUES (110, 3, 2, '\x34857c4986ea6066267ca003cf93f6c699344aff8b984d608a41a8b5853c83e7fda44ecf28e6');
INSERT INTO gallery.embedding VALUES (110, 4, 2, '\xe94f5d359283fa8eb86363d13d12345054f44419287d5f195e261950aac5fad6a0b0da87c5cfe040c5');
INSERT INTO gallery.embedding VALUES (114, 6, 2, '\xbe5b3642d0922fc26f5d9f6a6eaed010785ca1379ca6f1ef97ce947df5e63c1ae38423f85a1f391d12');
INSERT INTO gallery.embedding VALUES (115, 3, 2, '\x3e4a2c18d81a4b3b91bbff70ec23a1619520472826d99fcbd6b69dc998a5edf78c');
INSERT INTO gallery.embedding VALUES (115, 4, 2, '\x199d97e22db53c447c7833acde0117486f92655563d027150396136a6aa4367f79572b7df7eefa02d7');
INSERT INTO gallery.embedding VALUES (115, 7, 2, '\xac9f577ff61d53115bf0e50c0d5987002b801ce9650a85f69038aee9ba6e1b7234');
INSERT INTO gallery.embedding VALUES (116, 3, 2, '\x1c11b7f5ba958a94ddb8098f9ca3836bb5f96ab5db5fe558bd96c7bc3fa54cb96d');
INSERT INTO gallery.embedding VALUES (116, 4, 2, '\xc62899156e47b1455b1b6b4cf18a989e051ed2191d80927e8348dfce3135a71bd6b8e8271458c22031');
INSERT INTO gallery.embedding VALUES (116, 7, 2, '\x248f6f95d74d3149cf950f52134bea3e6d890bf99f203300b071e80eba7e68b6f5');
INSERT INTO gallery.embedding VALUES (117, 2, 2, '\x87e2dbeab77716942cb1f380096c17ad1abc84f9e00599546333aad39cef1f296f55af37ca074a9b21');
INSERT INTO gallery.embedding VALUES (117, 6, 2, '\x5f884de86626a248fddb16720da92b56f4214994813cf867fbd613c50ff5bd1d2d58c16ce307032b35');
INSERT INTO gallery.embedding VALUES (4, 7, 2, '\xc10434a2719215a4f45c4e84826fd7167e7cb1e7b6bd7ecb1003f9c07ad03d52f33d8f90');
INSERT INTO gallery.embedding VALUES (18, 7, 2, '\x8fa386bcb41ec3dbf2c42f0a0c4455b542ea7bc2334047deade97e9bc2fa13fc53723f5a');
INSERT INTO gallery.embedding VALUES (21, 7, 2, '\xb05cc5b701b205512bd5461c8ddc22a28a58509fae56225e3003db96f145ae1f4d5496be');
INSERT INTO gallery.embedding VALUES (30, 7, 2, '\xedf25adb0d0352e85ef12224b8c1c99087bf5e6bb2a1218c146f472769b552ee4adad2f0');
INSERT INTO gallery.embedding VALUES (31, 7, 2, '\xd641cfbab29d11c0da7991bf872e561a9387deb09cf104b80decb3ca23d85e2aaf2df4f7');
INSERT INTO gallery.embedding VALUES (38, 7, 2, '\x35b7d1ac64a433cac25f775a31a4f5829b785f62c60a2115335af48348ac3db0d1dab4ce');
INSERT INTO gallery.embedding VALUES (40, 7, 2, '\x88d8ea3777d7afd8166a3dff1eab4b2a1b435a1aa1b76b7690aa145ae99da20258c7ec39');
INSERT INTO gallery.embedding VALUES (42, 7, 2, '\xd236850f591385b1f2b99f216667b9c129559273946876288f0288ba96be50aa23d3ce46');
INSERT INTO gallery.embedding VALUES (44, 7, 2, '\x7c2a1c4a0f81f6c1338439e0dc12a6dfd55aed45349fee4bee4dfc7668a6e52a8551572a');
INSERT INTO gallery.embedding VALUES (47, 7, 2, '\x51d75bc6e36f4045f6f187384d0f700ca4a6ed5afc129c9a7d266830f675bf88324540f7');
INSERT INTO gallery.embedding VALUES (52, 7, 2, '\x8479e51d743aa2ba0b8b15323f01329800ec286d604d0779f0b22c83f027910a7d103c16');
INSERT INTO gallery.embedding VALUES (60, 7, 2, '\xbe253ebd920f72534f75d065496e7b307966e83b0e408c8d6ae0e1d7d9785bf0e60060df');
INSERT INTO gallery.embedding VALUES (61, 7, 2, '\x0355aefa9f6216a57b6f3330761770311792bd3fa4836bba99003685f713a0c90fe28c3e');
INSERT INTO gallery.embedding VALUES (62, 7, 2, '\xd3a12c14276e749218b6a8b5f43dcbcdabb57b63c194f7f6657efbcfb620231eaecd3b6f');
INSERT INTO gallery.embedding VALUES (63, 7, 2, '\x37a5d072b9ba56817bd8cc5f2e9846a8e67c14917685fe1ade9e5c7d1731d5c163cd1ca0');
INSERT INTO gallery.embedding VALUES (69, 7, 2, '\x80051cdada08a6323b05ec6fe5feec2ddc23f5b4d8e37ecf8f12c89a4b469d44c46f3bcb');
INSERT INTO gallery.embedding VALUES (70, 7, 2, '\x471d231a595142b05525e883b01a822fa255e7cf0abebfcf9a722e2ad0eb0fb039f6c79d');
INSERT INTO gallery.embedding VALUES (71, 7, 2, '\xff94653b2dbdd8023bbc871cb58a28d01fea8b4f4619ff987e551a2e10dc0dac50cabff6');
INSERT INTO gallery.embedding VALUES (72, 7, 2, '\x5f227c4c3158b80c2c5906352ab7f6160dccac8c884cfbd10223a2080cc384fedf3f4541');
INSERT INTO gallery.embedding VALUES (78, 7, 2, '\xc31fe513dd1701ce7e08e87ceb234191c2cfc03efafc16b3e35e658c66ed9eea03a692cb');
INSERT INTO gallery.embedding VALUES (81, 7, 2, '\xae59b32f0c0bb5d2faf206ad2b291c102b7529cacbeba92c6cb9e5a4fa0574caefb3a1b8');
INSERT INTO gallery.embedding VALUES (82, 7, 2, '\x66adc29c083e467c0efd6a73d365d0f758e61f90b1c8b1febe9ff35e3abc04b84ed62ae6');
INSERT INTO gallery.embedding VALUES (83, 7, 2, '\x1d651b9218201ea67ea6fbb192b1d5f6028d2e041bee733a29e89db56fe41e36aab299aa');
INSERT INTO gallery.embedding VALUES (84, 7, 2, '\x7de2aa3616107310b3cacb9626031ed940b25c39c8eb3c3171859363613dabfe5a5a6bfb');
INSERT INTO gallery.embedding VALUES (87, 7, 2, '\x501ffc7b4dd64a1f574ebc40b99bcd14af325ebfad182f735fc49d7b901e240a1e8b038c');
INSERT INTO gallery.embedding VALUES (89, 7, 2, '\xb11d2b7f24f5ed945bc642455aae494cda9a14b8e69c270eb7d3b333229ba0cab303ca8c');
INSERT INTO gallery.embedding VALUES (90, 7, 2, '\xbc5e216d901c9e356003534643b6f312ac307f1838648fa3e379822fb1181ef2397a8813');
INSERT INTO gallery.embedding VALUES (91, 7, 2, '\x162abc09229fb1240553c33c1834817d41836f7e2c6f5c867c0953997d23026a34da6376');
INSERT INTO gallery.embedding VALUES (92, 7, 2, '\x621b7696dd846eaf9b4c8a259fe3d29e4ae45f293117c1df44566d501a0302fe21e06b1d');
INSERT INTO gallery.embedding VALUES (93, 7, 2, '\xf6cc6d93f5da01acd4dc9aee78bf417d746c9e99a676ef3a3dc51d83522d435e5ea3543d');
INSERT INTO gallery.embedding VALUES (97, 7, 2, '\x603bd29705314973f30676b903c43347ed05ecb147200fdf208775f0f5b848e191652c83');
INSERT INTO gallery.embedding VALUES (99, 7, 2, '\x14087a85c49b4cc7e1ba0ae893dece0553dbd91ace6426b8781688dc94fcc8b8fff8f1fa');
INSERT INTO gallery.embedding VALUES (100, 7, 2, '\xb211baf40e4448e0e64d02065530f411b27ef45d3bf336bcdf2558a40cc834cb4e08857c');
INSERT INTO gallery.embedding VALUES (102, 7, 2, '\x191dff878125b58eaea5ab2bd6ff9a907125531ccbf1d97d375f5834150f4af3024b3329');
INSERT INTO gallery.embedding VALUES (103, 7, 2, '\xdceefec305b58a6b45e90168a04129bd006217958f926a99e028de71328b3d730e933d20');
INSERT INTO gallery.embedding VALUES (104, 7, 2, '\x8c92a70da0993517f54ed74627da81fa9b00fe09327ae90d37daa81af39233bf59a6d463');
INSERT INTO gallery.embedding VALUES (106, 7, 2, '\x3ce8bc20afd3a93f07008224c8a45aef7991e9402c883691290e32ce9932a72da13b141f');
INSERT INTO gallery.embedding VALUES (108, 7, 2, '\xeaa3475a2a0592bcd0d0e13b0fb2b73e1e1374824516cf55d19780a5b849c85d508ae97c');
INSERT INTO gallery.embedding VALUES (109, 7, 2, '\x8678f925abb38b927fe6a6cc853650fa05ae926b73f2861a50fda63def628aa4a7cbaa40');
INSERT INTO gallery.embedding VALUES (110, 7, 2, '\x598d5723c15338058a13d9c5299a9fbfe68064151f4628c9648d0e6f006476d797239411');
INSERT INTO gallery.embedding VALUES (118, 6, 2, '\x75c18d8b457269b1d787b596c0add9c4071478327b7ecce7f52ab29d0008d0063c7acd328d2e7f2993');
INSERT INTO gallery.embedding VALUES (105, 2, 2, '\x75476f82fa01871c0f662ce7d53b1bbc87cd92b794de5d016ab77188b4b8e8d732b8421c2bf352fd08');
INSERT INTO gallery.embedding VALUES (107, 2, 2, '\x3c9333617cff1667ecf4fd862fd35177018631b5d0841a9fab32d45d531afcd3a7bc5bde736ea6bfd6');
INSERT INTO gallery.embedding VALUES (111, 2, 2, '\xe89dac94318c379ea7d303df090a41945760782904e6a8187b0ec298051a5a3f881b6bb45532e45289');
INSERT INTO gallery.embedding VALUES (112, 2, 2, '\x0d2b8b3577bacf6475e9c7415404323a3a3f8370a49e847614990fcda79d9c0261285105f84623d1b6');
INSERT INTO gallery.embedding VALUES (113, 2, 2, '\x3e5fc801e5183e27e71ba8c64b0f9ce7cebb5a7497b7e6ccb378b70881244d8c096213773e55f5230e');
INSERT INTO gallery.embedding VALUES (118, 2, 2, '\xbaafcb8400efc7cd76f293a56e16f3cf62f6c4acd8d6cbd89a902a03a7fc05203bb08e8c54d9481315');
INSERT INTO gallery.embedding VALUES (119, 4, 2, '\xb5ea698c04c0f6ee434a5db69c69828e6c0cdbf0d0a2d444a07099ccca06d7c89ad6c5e94a298e5dc6');
INSERT INTO gallery.embedding VALUES (120, 4, 2, '\x4636e7e087376661cfc60059e5f4d924b5c77148006a028436274f2313f4c0d88e9579070125a49ff0');
INSERT INTO gallery.embedding VALUES (121, 6, 2, '\xe6211e2fc460d5057bfcafcd02877f18461110da70765bbfc4ed0d349f61dddc8e1d54000b646e92c8');
INSERT INTO gallery.embedding VALUES (122, 2, 2, '\x321f9ff34bfafa03b158d897779e4b17677ab2ff8d8597c10af17b0a71437089119189970c7da1eb07');
INSERT INTO gallery.embedding VALUES (122, 6, 2, '\xa9804a8a50f0cca7d0b02caf9ddcb722fc92055ff10f8711de34b436a93c1245bcaf56099221ebf7b5');
INSERT INTO gallery.embedding VALUES (123, 6, 2, '\xfbdee85e7e2a2c8c8a70801627601998b4382ccbb625fab96b62305c7bf8e1c057a9a2f6a6b03c61fa');
--
-- Data for Name: gallery; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.gallery VALUES (1, '\xc662f3bdc8f92cef05e2e6ac4f6e3a18', 2, '\xcbb9e85745590b650170f545a67c11903e59c6dcc25d3ed068fd724f1737aa9601b494cdb18d132ded57bb9ba2ca1e3844d48b8c5f436fe28102f1a22e3ff6c9fe4bfff071ec5127ce1ac2395572fbf5d413a38b58ead67b1e99f41dc08b2cccc95b65c23fea36547ec040c540662302263d183fdc39ebd4ab471063', '\x29594e966a015f6a2ddc53f5aa5d4579d229ef781586405f80268c7bd2324f1de1d921dd9bd7f3bd49029d11c0b501536dcdf38662216e358f74b004b0968e553886671f4caca13136ddef7bf05fffccebc1c8f6fab243de71a7b3df2bf30c3289033d3b6e35bdb9a2ea46b07544f11886faddebc46f59f32552d8ea6b026493df677d71e634819600fecabef0e52c8b013cc2b183185c33e55eadb18ccca19fc701c0adbf61c509866432f3');
--
-- Data for Name: gallery_version; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.gallery_version VALUES ('likeness', 2);
--
-- Data for Name: generation; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.generation VALUES (2, '\x0303030303030303030303030303030303030303030303030303030303030303', 'face', 'third', '1', 3, 'building', 1800000000, 'rollback', '\xf52d73df30088271defe5b14210881dcffa3a67bb50f0b6efb557d20c1b74a70');
INSERT INTO gallery.generation VALUES (3, '\x0505050505050505050505050505050505050505050505050505050505050505', 'signature', 'quill', '1', 1, 'retired', 1800000000, '', '\x3e83cc64c1542557617aaf495f27de1342bab3370a75049ce0bccd5da41c21d1');
INSERT INTO gallery.generation VALUES (7, '\x0505050505050505050505050505050505050505050505050505050505050505', 'signature', 'quill', '1', 1, 'building', 1800000000, 'rotation 0.25', '\xad5618ddd5280ead897a75168fbaade3d690b00448d1d1a61a3eeed9f6f1d1aa');
INSERT INTO gallery.generation VALUES (6, '\x0101010101010101010101010101010101010101010101010101010101010101', 'face', 'first', '1', 3, 'active', 1800000000, '', '\x20597e7cb788b3eaa497baaec390b3464fe14ef798f800c4f7e4360deb6d50cc');
INSERT INTO gallery.generation VALUES (4, '\x0404040404040404040404040404040404040404040404040404040404040404', 'signature', 'pen', '1', 3, 'active', 1800000000, '', '\x5e24b94c49fe6aa0c2da05b236ec4cdc843b7f66598a7dfa62743521904baf6f');
--
-- Data for Name: identity; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.identity VALUES (9, '\x7049e1f6873c99a460f6becf465cb52fc13c4ed345e2b91e4da742cbc49de228', 2, '\xe4325e237a60a0ce24257a3335b4a119761e5fe1c102d766e40de53d6dabe57609810612387a5b073a863d5f142b8ea8737cb5bf4afbd1872330638508dd813beaf5384bd95885dcf66b68c89bf3f8d388651b3159205b4b8c8abb0451aec8e7b810a63be74e1ebd49ca646a69e0f5847f8122949a9d0111bb9f46fa6951e923ac7fee6312');
INSERT INTO gallery.identity VALUES (14, '\xee35819b8351066cc800f6b42a5a2af419d76dc6a162936d0dd22c1c6f56ae89', 2, '\x9390ab67de05707b1b2c29d339eb3556d788fb164797144f06ccb63e880d08e292ccf54c4a4d0977e6f8d33b6ca74e46ca6ea78e3e6a02badbf99d5872d90e868830a35cb4bd238feeec1799c72070b5404953e007e0e9328ed63b0bc79ecfbe4fd23d7a210b34047664915e727b7b0a50');
INSERT INTO gallery.identity VALUES (8, '\xcdcbf0f26c3d103638897877071686c57a028c09c0dc0813d14989448a04d670', 2, '\xb429d1681b3e9ccca5422cf008bb2a7d3872a124b35caedf0971c5d39b408d92a2d3642817d1258fab44cda8ba78837e34d2fe5adcd8c3037642a885188fd0822b1a9f1b4104c7460d3dc95ef1b51e49235695870eee2f2abe81a4f6c1d9989c5144a8a277bdcd5bf67c5a1bce9018ae248b5514fa9a84e214d4f564fbdbb884');
INSERT INTO gallery.identity VALUES (26, '\x078969a5b3ff2fdcf6593316656b3ce56281706308472bfa744dbb2f27240102', 2, '\x42d2a0921d246552325b1f473551de9e9ee036e786d69056bd78121118fc61cc6f0f29e74a177b62fdcc2df03ae7eac886325d3ec80f257f49c2d90a71bf547902cbdc70a47f9d3902acd18d6cefdd0ad19cfdd5f3ec752430c664013899d93d528ccb2f94a472f32fe62f815a97432774ba738ff36879721d2f586b25a7ba776a9498390f23');
INSERT INTO gallery.identity VALUES (21, '\xf1a5d1acfa72963dde3aaadf76bca057896d44cdd294a7e158d33ff8817b4f8e', 2, '\x74b2bdf065f24cae8e5adf28b45b003cc605714a1f6d10f3b1ef35d43caa7afe20a3d753ecad877abdd132ac28363e69e8aa67e7da642894cca39e27506c52b8fa3c03d82fe8f0c29abb29d2450e0f1c7f7d4d27916f90e4aa475a59380e7b4abd');
INSERT INTO gallery.identity VALUES (29, '\x26c2fa2a45619458de3432f6bf54f97e3a66a9c70f8b5fcc312004180e9f7048', 2, '\xd64c374947808a99cdfdca9eba8ad030ce9032bc96fbe08ea671c541aa8c21b6ebfc47ace8b43aefd7e4fdf4e15de99857ec41729b1305c185441a472ca676cc93154f448543e3f4249bc0b58aa8a90ec26688e08c75ef303da93dac2c1fc361b3c2fa898ac8ecea62b809a10c29c6ec4b4134245993fb4aa7d10fda650e8e36965217ebd49a');
INSERT INTO gallery.identity VALUES (31, '\xf95aed119a0a39452b430630029907737b6818d31cac4dc0a11a362104ca7f6c', 2, '\x4c79e8b3c518e6528a49bc69c6185f0c04475c4da41e6f21ffa478cb56569c4d82a9d520c00bf84ede9bf9f855d2408e62f016ff0534dd5f49b57d6459fa720c1055cec5306c6d3b3ed0ef395b63642e4c7af92041e0693e6c9d1844dcad428265168b6550c3df9072614e85');
INSERT INTO gallery.identity VALUES (35, '\xd7e7e1793999fbfc3d2231285acf357a44c48a4b53ee758f03407a7b0be0316d', 2, '\x22a43f7fbcbc0adab63366057bc59c86a3731246e9f887469e4aa150d22a2e17d2610ba1ce613a67b88b0efd526d7243f05fddf64892f89a9d48a4b193b599144679df92e2f406cbc8a55ea1e8aaa26c808a2d9f0562115fe09c75a9727ffa1a');
INSERT INTO gallery.identity VALUES (13, '\x4f9c3df8e2e9153c8a5043a1957f7822466688eb064a61568cc1f7a50739d387', 2, '\xdc9c1fc861ade4460e399ab21764e596bc155d5d819469991df9943faa1e9415faf5e8b2c43e4c3719b5336177bfb673bc9b2db2ed44a92d3e6f9e37deeb6dcd8891b7f300f70308a8dedd85607d832a0559bb7388ddc9d7ace0375e8befe745d9eec08833681a5335b0e1f408f0c3b18998437eb5b9a55dfb62c9d464');
INSERT INTO gallery.identity VALUES (36, '\x2136af1cdfe3be7983d46b5ed8ae8769058f02f2c6dcae5f5e2198c5e1c07237', 2, '\xfedcfe1aeb6c1c6878769f80bfe7cb03471d735f9c54fc92a9d5bb1d10f065ee70549eccb651afd17d30b9d4fda45b5d90210ae31f9c73bf87258d51c5bf2c8309c3eb7b00d53d4119177f5f7b77e2b9bdb2d771c9cec4d566a680369e1f385c1f');
INSERT INTO gallery.identity VALUES (18, '\xd7fd5a151bbb1d8b9eddad47bbe1b6aa03a6632b6aed4435c5f987257edb5df7', 2, '\xb449b6115344a5f49bcfdf4cc3c1795f625c8fefb7267f616bfc9a2fb6ec5f9f5bcf53c7b7881b7be393c7c844399c91929dc6d5bda96fc1f47ab6224aa2dfcb89f5b77f8b1c340b57edb4e15a84c5e3269c8f591983c6b5dbf49c5c01c8eaa2ee840e84832beeda2391fb3bb1a4f57aed68a13fbd09bb70cd4fb53aef35');
INSERT INTO gallery.identity VALUES (27, '\x190b88970a0bb1826508383e5037f2074c0cb37d7dfc966d876726da3315f0a7', 2, '\x87a3f9841d2881ec18f09e3c0d4006e8f5007cbbb692b20783eba0aed4f0986bfdd9c40005af546a20bf9cfd4a02a462f1cc61fce7f8c2200f7f3e940fd488731236bd39873f8f03866baacf46f30340f349ff4ce09d8cbc6af8d5643e5e3a3efdfdc8c5a8c9eb6f908fec7eaa8841f44c2adfca7ca1dc0ebd3405179c9fac08fb271a6f2b');
INSERT INTO gallery.identity VALUES (3, '\x41b3f1cc3e953b15bb87aa9eb930a439d628c69179b952b28dad1e5a9c34a50a', 2, '\x061544e6e487cdf3d6c8365c76c6f7e884a29c12e8259e17e2369ab2e82e4e1bc89b359a8f398c7b24cdc88c53eec1c799eb53fea9020ddfb1518c13a987c8957166f6482f7525a75fe5585cf8752e8a4bdf2bd6ed93294c882a188a48cce71fe1965505557219ae5066d5fd30e984013601d3468779277d91b54c915c4f6ade2dfaa268f6ea');
INSERT INTO gallery.identity VALUES (33, '\xee0f5b5585915cfd031b57516a9039070643b2456ec57f054590f85a82e29ef0', 2, '\x163431f2d81e7734bfc90b6b78def412a07acca466f85b0e4c1b50ada7f8bdd4898abb97d8fe6dac0a9a14bd76447b9f67fc7ddfdefdd4f9b8750b8d4353dc615225ed6e3609529170f80acd8cb578e2c18bc4610b74c5d72b78cb68117a3742a593d9696fbc1df3ba481b2d053b');
INSERT INTO gallery.identity VALUES (32, '\x364d9aaa1ca0c17ff8e8d027cb57b4d90ef3e6b961f74dac111e320bb8f5d0c8', 2, '\xae63687871736c4c5624a0e5e98800d62652894b7a27de3790d4e52bd5836b3737cdb323164b47b3a1a140f469912bb72e7f0dc2de0dcec42b4205df18415d8d9b6377e4d9d9da3fc0bdcae39bed67ef2ccf5d6e1716348421a920014f6e511ee32ec0b0c7a5d593767ab182efef610c13');
INSERT INTO gallery.identity VALUES (37, '\x8acd986475684991659c8c0b5373c06a9635822ded0a5fd47ad38bd129b1a1af', 2, '\xcb5b6df5523596da8cd4e9ef56d1a61a7a0f1e2ebb9a9a18b78ae92f2575dbe7dc1720c3af8606d1d4ddc25b928c02fc201237f09e825134632be4d8ca5fbd275a3fd2ed1c4c10f94a1654a1210b6579f9f35570f48a42e9b3365ec65ab866088ae2ec6dd80ab1d4');
INSERT INTO gallery.identity VALUES (34, '\xa72f93ac7b61986bddd8a412ac6b30940e104fb7162e892401ec73966a80bb28', 2, '\xcd039e9bb11c5763d1488bec2a36f1f568b7910a17a9efbf20d75c6aa615b56888a9b8c347e5681eff8449ed7fcc648dc1e46e53c28e0480351aa7580518e0c77b35e2cc7b5982d7b9b382d1143d4da2161e2aa58187d1bd9ee1a35579c331dd636976560a8f7653a19033dc72be5c10ab5e495806cd57d9a10afe4b8f');
INSERT INTO gallery.identity VALUES (17, '\xbfbb4163f8760453af649fe42d69978a97d9a293aa48649c3aabe790b0622e78', 2, '\x8bdaf0799ad171944f6cc7ac29001da03fc103f958672188ec2c960dd23b8777601089fec62b1da8c50fc2ab44557ac2966bfeac610b5374848da4ea1f423d73cb3cc1b58be2394dcf57fb13936e81d37065a6d8f19f07ab7c88100ab2a5d93373e672d292bde3851ab541cab2dee4e420dd0358ab2cebdaf37e718911e59188');
INSERT INTO gallery.identity VALUES (22, '\x9df11d89dbc0845004b423eeec83407ac40efd507cdb43d93bfb8d0e4d4288a6', 2, '\x10e5a29f2468c6925914565b9272327d784833d64f6bba63250fa15cb0f0e14fa37e5ac0eaaa759dbdeaa9a17f0ba0c44e9b3792871df427a35f83d5e875ff5958d59c192f7b1ea9addb4631a4cc9b1f5bb09ed0a1837a5aedbed058401fbcb8d5810375ac827228');
INSERT INTO gallery.identity VALUES (25, '\x62b33466edd97d6ca2f60bfc9fa74c98eef47d57110fda5e262b14fd39f37e25', 2, '\x700621e93662c5c6ee6432c0642ce7f38a540c3659a15da362ea8ca5d524aedb05819df32cfd45a6b4d52caa35fa6d0a59c915cdb79f059bf887d4f744c690174a61531436901b35c785c1c6e7b1b482091873d0e89b74a075a44fe086948ab2a33d33901154e820fae8fca1218913160b424932290e5e402ca6a213d1379d356b');
INSERT INTO gallery.identity VALUES (28, '\x5f3d9ed27fc41ebd271d6a46fde6ba29e3212eeddecf8eef8954bde5405e583a', 2, '\x9aa0f24b5117b3987d954354f3a6724aa96fc03e881003998728f6c5e5e199388413a0353fb4f1bd0b0d0d49006f5aaf3c45064341d45ee68405f90fbbd768fb7178a5d28510795bb1481052e07a34f13a06826aec124b577633b7b92cef0b395827ad590031dd40e8599748ccb8b631');
--
-- Data for Name: image; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.image VALUES (84, 2, '\xf802a59bebf5c52996e7e49efcae4c1a613b6d0a4fe4fd4cd9a863031c745030d82e071225f1a1b75cde721c9addd17e12c798960a861484c85dfe9f');
INSERT INTO gallery.image VALUES (47, 2, '\x0e2a74ec58833936ab74dbdad78fed4af75e8aed18d1e3ad88f45ae2538561f90d3a974c92b6d1cc47b23fb3280914d098eac097da37a0');
INSERT INTO gallery.image VALUES (101, 2, '\x2686d835494977bf5cbc3068a402579c0f6f033db19789ec99ef10729e');
INSERT INTO gallery.image VALUES (102, 2, '\x65dc395773159b175ecca87d87ee13e5a14d63f7e364dce8458c677f0ee54089534816e0d92ab3819b855934cb92d919204696572024');
INSERT INTO gallery.image VALUES (103, 2, '\x56024cdccd4bfabd4ff06071c33f8ff659a5d44b2b2e3adb8dc0b8396af8c3');
INSERT INTO gallery.image VALUES (104, 2, '\x2e180cfd3dfc04c217fbcd22105e0d918a8abc6dc7324d62a08d84d847f512c6a7c1');
INSERT INTO gallery.image VALUES (44, 2, '\xdf69d9904029aa27100e30270539811dd2c50fa88f058642b50fc78f81b0c6');
INSERT INTO gallery.image VALUES (52, 2, '\x72e60df7f1612aa0ee70d6dbee90655278b5e1692912476780ae32347180975c88d9ec2ed683cbf9225f4cbe96e416016cdc1a');
INSERT INTO gallery.image VALUES (95, 2, '\xb9d9f6732850b9ebf7ce4e29c95b9a266c334ec9240084693d77a4768f97721d22a6e3fd998ec9d68d4e61b2d11a76c0fd90557f3b14a5');
INSERT INTO gallery.image VALUES (78, 2, '\xf7466e3af991030d5ec1eaa984f48d52ca7e4f3c0dcd08f17b642c4080d12579ed382f4bb7bce2f3004326793408baa136cb50d0d5442c59a3949407');
INSERT INTO gallery.image VALUES (105, 2, '\xcbf9973cccc018f2987f4b3ffcb377e11bc9ca5fe1631e158dea0a636876ebc1106d');
INSERT INTO gallery.image VALUES (53, 2, '\xd51669c68dc652c54618ed73cc1125da8f5284ed80d21eb59c4ec124ea0f61d65c9be4d2c3d83d49bfd782ea3fdcf9c0dc107ac48b7e63fd4e5e9cb606937606c034');
INSERT INTO gallery.image VALUES (85, 2, '\x582cee027c9d4a346a33e9a335c15f5be226665226de55b9650900c86c9dd15a7d320fa48b415399dc15fe');
INSERT INTO gallery.image VALUES (96, 2, '\xfcf185b132f2cfacddb61f8609c1c515a8ef5c78644443757eaee3840866c7094799e024ea2dab4afe47bc4ef6059a47eeb35e442f9a76135e838b8ab30ee8');
INSERT INTO gallery.image VALUES (97, 2, '\x22927cae2a2ff454cd45384ddedb752ce4335893ba1b52dc8a746354f943b3868f9636d6');
INSERT INTO gallery.image VALUES (106, 2, '\xa32b0505c9aac15767f5492801b1a6ea9ecafd463d400b4e2c5a879b0365fcea1861f9435ad4');
INSERT INTO gallery.image VALUES (73, 2, '\x3efd978ce04d27c7755e4a9611ec843f930ceac941819e83c64b3a3be807344ff4de1f7a5d95f28b65d47b5efd80f2a1d90d044611bcb099406511c9a6c9883a267d67');
INSERT INTO gallery.image VALUES (67, 2, '\xf93c6146e2c5c5077e5d072cd02f4b9e4172a70b93397e571e621538b087b0d7cc97e212fb62b3b945854deb1c92a2682973ffdde4247a1e8d44');
INSERT INTO gallery.image VALUES (4, 2, '\x72ab3c120d3806d1978d8cdcc32376621d98052b1bf75f2ff82e537cc714be6cf5ca5e8e5cf16b14b4f4094034e5720d08f51d00b63a6f11d82445d1309e7a427c992c');
INSERT INTO gallery.image VALUES (107, 2, '\xeda65ea83e55083bddc2575c3f2ea608ebef7bbe06aa42411fa7c8004dd6a233bed2c28f5ae61a35');
INSERT INTO gallery.image VALUES (108, 2, '\xa0fb5f31c2647ab7d61e16d6fc464f28b921ff1fef78d5fc98239cfc56558984065f38593309b21273bebd3b8e7554fa451d499a7cda');
INSERT INTO gallery.image VALUES (109, 2, '\x72fe491bd4df3a3355ef897b0a8cfb66d3164f65c6d157191bc48ec9e1d591accf65fba605aaf7b41b');
INSERT INTO gallery.image VALUES (110, 2, '\xdafe75729a05321cd77c6e3fcbf0ac44976859a34633d03ee419b062709059ae58dd517b28');
INSERT INTO gallery.image VALUES (111, 2, '\xdeef876c000c57952393ae2a6bb8f7006a3ce8a5812803068984d186c52c72de97bc2def1dc565de3accc0e1e805f584f9c64da456c8f42c');
INSERT INTO gallery.image VALUES (18, 2, '\x5f7197367bca405cc8065a363142266df5b8ae54b226de7de093c59ab08f');
INSERT INTO gallery.image VALUES (20, 2, '\x6320525240ebc9b284ee274b47f244e9138b968eaa16369d7478410e10bdb94a0866b9e3f980de21525030d53772cfef29153c53cfea52cb70a96e37');
INSERT INTO gallery.image VALUES (21, 2, '\x26066dcf7d9305943c236a714e2067f33fb6f6ad1999b7bda8154741781c4d63b189d88459e3bce8b5');
INSERT INTO gallery.image VALUES (45, 2, '\x9e105943430fb574a90495be88849f2d95a3a9fa7d732306bd18e6ee4749dd70786df4e1a7cff147322636744d682b6c');
INSERT INTO gallery.image VALUES (99, 2, '\xc18b6df2ffcaeb0694ca870e24e3e0193933abbacb3c5034f56e0051db32e9f91ffcc063ff2ebf');
INSERT INTO gallery.image VALUES (51, 2, '\xf60d0e32085f92303b0c77e7ab04efc8addaa43683e21ead544481fd1de2b8c14148099ecb74eb5a7ac2b8e82f2bd87e07265723');
INSERT INTO gallery.image VALUES (86, 2, '\x7db0ec770685a3882d895748327b3ead6f71096b2eee26ee7d5a6b2c2d');
INSERT INTO gallery.image VALUES (81, 2, '\x25b4135d92c8d6f39f5e397399bfe25e52026317ed86f1de4ab6a65f8ce99f5e1411c469efe0e363e31df516798df9fbd345a65618eed9a4f4faaf21b6');
INSERT INTO gallery.image VALUES (57, 2, '\x04ffa14bb998e199bd860067f1108072b8841a41242b034892e7861bc8f364be490a21f5eaf656807522109e6db10df0');
INSERT INTO gallery.image VALUES (30, 2, '\xf1afcdd5b328a22b583f3ad3536ea4103b95f9bd249ca49b7c783ebf64093805e2a8e2c3f01f0b987c72ca1c5b7eef7caebea29aa04e012c9c8742');
INSERT INTO gallery.image VALUES (31, 2, '\x9075ef3e4728b46b4b09f86e53ea2205e29e78e396a0245d9c16897c754ca0f831505d41433d660bf5a864ccb901ff6b753260e6223fcc');
INSERT INTO gallery.image VALUES (32, 2, '\xacc41dc1f3e4882a0005558546d68d96e46f5f6b99a358e515da46a6977e16698fec26e6285763220885523ea80ac352286d5ca1aa8ac1a48b7f9750c737');
INSERT INTO gallery.image VALUES (87, 2, '\x0f5225daf1d934875c6d0b4642855c78db191934024e50b746060385ca');
INSERT INTO gallery.image VALUES (100, 2, '\x3bee99b303a257c2ce72721dd96ea8d1883f6a1346ae74278613328e96188e7379b8aa7c7cb1fc744c');
INSERT INTO gallery.image VALUES (112, 2, '\x6bd4377702df80a52fe4d9c81d89c54860b9524ca31123f924473104f0421b574d49a390');
INSERT INTO gallery.image VALUES (113, 2, '\xa766cba667024129669b9c2087494ef86608cc21bd387c288982b8e277ff08e4ed49ecafcb769e83c76ca8b7812cc8987b001ca8734afd52f6d0b06024c06c1b');
INSERT INTO gallery.image VALUES (63, 2, '\xb4af3cfae71012eb0b16a38c9f30c6fd28505202b17416fd553097c746b4c96145f7ed0a82094490bfab6abe33ee71accf289f139c532ee9376d84da96653e');
INSERT INTO gallery.image VALUES (38, 2, '\x0d7de46bcbfc1a1ea350787240a2cea2a78bda8d0392bfc5f75b986a0de148');
INSERT INTO gallery.image VALUES (114, 2, '\x240d174145d5ba796ef21a96188913660311eb7a6ea7c2307acc6b405e82e89a83ebf2a32f2b6212d4dbad4cbab2a4e1bd8d0ec51bf0817373f2461e22641817d97c76');
INSERT INTO gallery.image VALUES (40, 2, '\xef6c8c5902067eee5346d5d5ac87979270e99809756606812e3088ee08f2e43d09264f0267e259');
INSERT INTO gallery.image VALUES (60, 2, '\x29a9a176f44779b107e3cfd2ab1c7834501c3533367194b02d3b4beaf28c087e2c00957fcdf8f6f3b46bd02c8a');
INSERT INTO gallery.image VALUES (42, 2, '\x891634831ab53fc3c85b538ebdbd2085ecdf25b5ce3ee92e6bfa0183684008862ebe348f3bb75afc6ca49fa5875b8caf8f0318c241c0ccd816a026b9010f7640');
INSERT INTO gallery.image VALUES (61, 2, '\x50320295863902b4ca68380d2403a32444638ba2b456e48b385a912b7622a2b9af0aabff691ebd29a015dcf259c54c51b22b43d060db758f0548a35ab3');
INSERT INTO gallery.image VALUES (62, 2, '\xa5616351405bb13282c2024f2a30bae2c42c243d0729c939f81b65d91a9a189e098f416127a189eade6f59368b1d754992');
INSERT INTO gallery.image VALUES (91, 2, '\xeeae26dc98c91ff0ef8b7a573d398899220fb20bbab64c87dc8ab20dc36a336b936a6b80bc05b863062394ffe13c0b583dd54b872b37b0');
INSERT INTO gallery.image VALUES (68, 2, '\x384d894988ced96cd3386e50f4cffc620a18ea71ce5b484356fea166a607828e8fb5e2b961ce');
INSERT INTO gallery.image VALUES (69, 2, '\x4a0e937211bbdc9387e1e343d6ea59269ee21db258b424372857c7988fb9ca67338692d4db89698a7c28440f6bb2721b44f1606d2e620fa3e553');
INSERT INTO gallery.image VALUES (70, 2, '\x2a727f7d2fb2b5765a95dd35ea5e2f49f197f9bdb81a59144ea7abdce94cb0804de04781f1525ca08f653dd9d66750fbfc6b0aa77b8cf67b9810ac51197e8174824e1b');
INSERT INTO gallery.image VALUES (71, 2, '\x7c7a78adac5f0b8b297cca726774a2501d16806f073b84c6b48279276410');
INSERT INTO gallery.image VALUES (72, 2, '\x366553f8f5f117f5e5d540221fe8f45cb05420b8639d4976e0829728f453afc5f76773380f75a6e8dd2b5b2637');
INSERT INTO gallery.image VALUES (75, 2, '\x3b81992bcbc61d7985125514e6f1cb1f2598d883b8cb34bac511fa146b34bdfe3c6a96584a8a727513e56ff9');
INSERT INTO gallery.image VALUES (115, 2, '\xa74266edcbe7aa46a5e0e80d4316af4dc9d09e47ae7896d95768a6c3e33396b64e64a04f106602e57dbad3b028a37d1eeaff7f46c03e805954d8aef728605cf7ca20f8');
INSERT INTO gallery.image VALUES (77, 2, '\x5053d483f4cb132e19a98b989ca1d13f09d24dc13fea57041a67769e10bb778420cad1f73268a4c45296157df95db1103cac81d4');
INSERT INTO gallery.image VALUES (82, 2, '\xc5f928fcf1a1cec331866ddd80e08dab6fbab6ee0995540a63dea9ad92fc6bac001d1a8b8cd8fec7239f56808bfb');
INSERT INTO gallery.image VALUES (83, 2, '\x29315617368b4c7d036da2d35afbd6bca42f8a3233bbcf480e1ad871f003238a2322e257772ca96f489f96e30db8204c031d8760d4c31b7c');
INSERT INTO gallery.image VALUES (88, 2, '\xbb4484da61cf6b5b15639d55008d38cb9d4766848b24b38fc81516d98b23a89f42190b17362d54b8cec77cafe051bc7ca1946c16c999');
INSERT INTO gallery.image VALUES (89, 2, '\x1a5608dfc9e713694f3d739820fca5c404036cf87f1e71ffe720b10d44d05366a014ada0903110fdc51a5e477445306d7195a61fd8330af692b8f3895e6bb458b918');
INSERT INTO gallery.image VALUES (90, 2, '\xa1e54adef765c7f8419bd38e9fd70f0f9cfaaad3210261da55258237380e7340ee5affba325ee519c8fcb8107758b6');
INSERT INTO gallery.image VALUES (92, 2, '\x04cfa9a6552bfff3092dd1c1aede0b4ddf2ad30e746a46cd16ac5920a8aeaa08cc119d86dc8835f4078818834908b9f0212b');
INSERT INTO gallery.image VALUES (93, 2, '\x5316dda7bfc50e90d8d99b35efda8d22d1c04c1bbc5d22181963516f321f51db7dd997daafd8f533cb284f9f76bc1d855361aec3918704cf');
INSERT INTO gallery.image VALUES (116, 2, '\x96bd0a48c8de9cd1858f216f49b7864fb52ae3d88893e903e9263bc3c944c241a91d5fce2e8d616cd49abded9c80da10e8eeca34481368a4d5');
INSERT INTO gallery.image VALUES (117, 2, '\xf8dcfda6856ee2b1d9489bf146c6ad5bfeecfad6d1588341fdbbbb599d4370a819b3c506b2b06e4c153f6ab3beffebb26b989336d6b4bc1acb1217c2c36e164576ae7667');
INSERT INTO gallery.image VALUES (118, 2, '\x9e43bba1b19ffa10afdcd0f3472d5747a2e0da0dd96189d7410b70f8eac6dab0229f5a3160d6549d42482c2b0a');
INSERT INTO gallery.image VALUES (119, 2, '\x1dd6e4fda9beab9b989a206e176d0a7d4ea6bc2989a5f71a71cdda508bdde3d1c7a364ca167e079ac577312d5cd31d4c5090d4f18d06a9');
INSERT INTO gallery.image VALUES (120, 2, '\x54697a256f4a510dc76a834460353aafe255af533917484e0d465f0ecfcc0fea140fad77772a003b');
INSERT INTO gallery.image VALUES (121, 2, '\xd8154bc971bd6c76cb671e431ccbdd79ce643303c1f96924cff344791f5cceb7cb4e4649d4c20abaf71df7ab58d6af52328a1048');
INSERT INTO gallery.image VALUES (122, 2, '\x36469e7aa9212167cda1ca47ea304f818d2cd4eefd053261c569da59a2b06766c5536b7e55de8bdbbd250cab07');
INSERT INTO gallery.image VALUES (123, 2, '\x661ddf09eb0d569d49375d93855acdbdf06eda07369f5af6cb44dfbf0db1ca006d919a8c3cbd11');
--
-- Data for Name: sample; Type: TABLE DATA; Schema: gallery; Owner: likeness
--
INSERT INTO gallery.sample VALUES (42, 17, 2, '\x7f41f5d17fe02b91f365cd1799cd2a865d0761e88a49d73e1c12933948338c66', 2, '\x796ac7b54b39e7ccc9009ddeb47aa378f1c91a4d71aa7118f30b2615239932210dd1baa39e44c53aef995f54108cd206d91af3f83946be35315b1da1bc6388ad44f5b8decc923b35175742ee792fd7c85593720b5cc70a1a6217bd1ac6efd25c42039b9442e0870377666a33a6c52382aed0');
INSERT INTO gallery.sample VALUES (95, 14, 3, '\x89afaaf4bb556f032b893e4819d0370899cb4de02030e9ed55b2bdc84b4a0adb', 2, '\x35190fcf467ec8308b3356a7efe356d41d5c75ac252abcca5b554d6b4778e7e0afb3f8df7cf4e3714c66e5dc6516ed993379e1670b040fba2e1ce9b0790208fe697a78fa67b728edab872b54b6851a4efca084c70d99598c66e106903cbf358ea8c1e9d318ddf075c9bed0c82155da795aea14130bb5777a37db49f9a3916e3c09ba8b598e47a90597a7e35ffd106fbf79046aefe287921a1d4fd7fd49d0acd0b3d57c');
INSERT INTO gallery.sample VALUES (44, 18, 2, '\x75c268d31c0d1a8421d9d4113939c1893dff2c3684ac895bee5593bfe7725ba2', 2, '\xadf21c9930fee90481b1646277b5b4f758fe87a0c1d134b666ab4444f8df13c9d153299044ac2c8a3a485bdb522c67b14d97bdcd1a9a2f08b2b4e151b7623397894625655f2e122467f33db4bde09b20eab12f1857c5f5fa6a83ac94d234ad861eadff0f3e2cb67d5706cf5469f862d6001178584fc62068cd90ecf7140f47f4615d1130a030ee40c0b3e0cf79444fa845fe20cecec7cc42710f59ccbdb16f343e3f9b');
INSERT INTO gallery.sample VALUES (45, 14, 2, '\xb2c0e976bc35cbe40a856c3c487c453197663ac4e12fa715fb783ae80eae816e', 2, '\xfb0ce51f29d246ae3d6a8e35a07261b2fd08310be878821057a6e7b173792bbba2943770edf5b42f9f30a45d26943f9ad4eb25a42c5648aca2afd5ff8e43f76024cb19181f696c7bc7c4c1c2f78b281b60200f34143c7f1298652b5b1a3463f8598cdd1d20671f0e00778c93eb5de7edf67f8fab5b3a8caaf472446ea2ecb5bcaa0be29409fb0cb490841dec68dd64142f6cbd54a411c57e1daece3580d64749');
INSERT INTO gallery.sample VALUES (101, 31, 9, '\x33ea0d3d1b17cb6d23bde2fbfe22f3c4360c5929d77b1c039b9b94a84038a2ed', 2, '\x6b4df58f774736c5dc167a5aa9c65e6a7709054017070ef5f9455e3ece9f668d4fc98478d6ac100c00ec115cb8e782976c16fe9f0c2a8e9368519498e047cff4d2fbcd98d227af4f13da5d0d8b64fe767911da466acbdedf771429df86b00be604443b865e7286d55a607c0ea44f938f0a7da7d4d073393dc849375d04e5b4a8fb43a96e779ca89d092a5418978f9998c899af1f1e99f21ca30190be1c4c645bf0bca52d');
INSERT INTO gallery.sample VALUES (102, 33, 1, '\x7f41f5d17fe02b91f365cd1799cd2a865d0761e88a49d73e1c12933948338c66', 2, '\x75309af85fb8b6daf7e7a0c15c583aea29f5c9f6e35ca932a550668661fcf1766f007dcd75980d9cc289821e8b392f9b13480c573ac7921e060e439d55c7f4fb19baf1b29a03bf3d176ce623ea078d7e3accacce53a1f937d5777be62ad90dbbc32d66e2d9954e09a0c6bb996d7a9e6f082d1120798350d0cfe2a45f75993f9f36aaac1bba3a005086dfefbcd1ab39bf6cbe30ed74cd1d1fb9c6d684628e423eb7ffc333');
INSERT INTO gallery.sample VALUES (103, 9, 4, '\x2824e379a6473eabbf6172ad5bab3385211828de4b8f29f39bd4150261659e32', 2, '\x63822ecbe4a5f0a0d24023fa8b227bd1f090fba136bb95de39e74551c9da519b6eda1faa1f05e7e319f34321b8ba32d87f0bf5083a0fe697a85e8a2d5983edfeeb57050248519a200fa0786abee2e5f8aff3aa265bb9c94f21b0e003f142b697fc0d8da7d1c5e0dc0ba0a4d354dca410b54d');
INSERT INTO gallery.sample VALUES (104, 26, 6, '\x170d7fe3f6aca1e7b7dea4e5927d02e6541078a1b96b52aa2946dae77b0c31ae', 2, '\xedd868206f227011f635c04f951fbeb19d260099d2f77f13762785545b03e4dafffcee0c09b0382bd1c83de1c340298fc04bdd32ba2fde919776f22c9c01dd3262cc7f718996dd7ceee981d46917c9799d4e2cc261b832999a3b30a7fbe0a64422003d8264e9288dc48a8d7d0967477971a2');
INSERT INTO gallery.sample VALUES (78, 26, 2, '\xb2c0e976bc35cbe40a856c3c487c453197663ac4e12fa715fb783ae80eae816e', 2, '\xe02f32ec7f380f0d21a7d04145737db5d7cb108846b12d444a8d79a011fc55392e8f3de57bd08ce3b925439ae250d63172bce8ba69bbb7670dc48a802908613e7f0e7a2401bbfef8b9a23b123b9a196be99bcabb5f1a824de306fe7c95020e95cab001dad7342e197be1e3e358347d392539');
INSERT INTO gallery.sample VALUES (47, 17, 3, '\x29edf6d220b68f741f31de421956bb068088fef714d6ecfc44c13062da00485e', 2, '\x20313d07f4f834f1c257ddf8b44b5ed998c13c651be69cf9885f594dcad1eeb19e921e714737b8b4d485e97e8562145460742227685b7c3f5166d52f390fc1c13ef8ddef369e6b2e68e2e904fbba0d25ec81b1750b680738a63cfc5fed2834dcfedc49abd402a1607580343af3677eb2a645');
INSERT INTO gallery.sample VALUES (52, 9, 2, '\xb2c0e976bc35cbe40a856c3c487c453197663ac4e12fa715fb783ae80eae816e', 2, '\x06dc2a3e76ff4e575e8e198e685b83db3dbe410e0815d60d5f75f48dcacef38a7fe791add5c6cb109c3c25ab1811c4d435b99a498e5f8fefc1bcb1a91acba898bca19605eaa67cfff2a80f5e2a2de160dc6c74f3e9c6f318bc6d36f0fea24056e0cfc0798120225caea9b2100a3b67ea2fd6');
INSERT INTO gallery.sample VALUES (105, 31, 10, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\x94f4e114ac0bea29d30822d8325d3e734330bbe507a525b6b37484dcc4c5c3b513696f3d4c558f23b5a133c01aa7de750c5d2e27af095e28418d45ea4554c0efd8fe206c2676e0615455edc89c9e7147e7983ccb33b14113cfb780b1d59e29ec341576d83591da0892aba1fa52dce28475aa');
INSERT INTO gallery.sample VALUES (73, 8, 2, '\x30ee5729f024febe4f49c6ae6e2d303600390517e535de517df1fba556054df5', 2, '\xa3e264dd645c795a12b6aeeed639f397b3c104abbdf46f6330c3539b15f57c72de840bb956a59c099308c41a605606e119c110ae3a0b135f856421481cdc1cafad5d8ad2d55ca8d9fbfdcb508a6fb3fbb4df2bf4a20a8d4d973992edcfc24e2c1475cce605d01eeb0cbcee195ea37fbdb4f5');
INSERT INTO gallery.sample VALUES (51, 21, 1, '\x2824e379a6473eabbf6172ad5bab3385211828de4b8f29f39bd4150261659e32', 2, '\xeb6ae5897bb31ca260041c8731fb73be919940b992e7868b13b0d0d44ccfe21d7c2b0d90eb9d03a680e2b778998aa3164bee0cd4c2436cef0e1d1bcc74e19434b91c35a953e5be6a14f6559f79ccaef5d45f20d87c78dda288411e669f5425864fdcf01818354969805b3d181019b2f99d51');
INSERT INTO gallery.sample VALUES (53, 22, 1, '\x351ead600b47ab2e8ffe8eaac0f467481cd401114781adee40d9a9f67ca64d2e', 2, '\xcdc6a1a2159bae8f0c00b7f466f86675bdb38072b7e72e318b44544c03089a06576389cb89686e2af24071e2128801f0cf11b643ae47ebf87f1b0a72d89d1e66e9a0a45c35f40a5b4c2ad42edd65cc6cc5ed23c1aadd2884d9b04b5cb1141910702aa59ecb1caa5aab82dfaa0085f468dedb');
INSERT INTO gallery.sample VALUES (96, 32, 2, '\x89afaaf4bb556f032b893e4819d0370899cb4de02030e9ed55b2bdc84b4a0adb', 2, '\x4116f2bc603eb650653f852d1c4cb88f7c1bde23282c4f7b12cc4839f878762ea77d1b799163af3f70553253362743d02ca43beaaf0eb11e242efe34630e5f183e9e31c3fd4397e54f24156dcf5e50b7657eb102efdb4348e19e4561fee577dc7e48e70919737b86088558d10480c519ddeb');
INSERT INTO gallery.sample VALUES (67, 25, 2, '\xdfed20e0bbb0d46ee0737c818a2a6163d12a70f319577cff4a4edfe8ea58a258', 2, '\x631053a0f9218cd0cecd95345b08e303d25bfecb798b38641bdefb9e478134a36ac5438d4b94532aee26ae562f065f65efbf12cc0f3c1d1f26165110a44df1de0bd8cfb930868b453bd7c83a9c58f2273ca9cbe0b1914f77234451a75b048f55cf36b9d038c49d50f8b34c0636bb8fd051eb5b8282df3fb4ae94ee8765c99cbe543d749edf5df02b19acf0a7304aa1e6e2e15e664a2ebf1af0d1413cfae183ddbc');
INSERT INTO gallery.sample VALUES (84, 3, 5, '\x74db64e9cd2eb1ecabfcf1ea8aa0e71ae43a5c45365d5be3cc03cfe21a495ca9', 2, '\x450edb5ca3247504e9064b1694e3de2a5f404713c8dba97202cc74c90a66360080e79bb6f3b30afa29f6fa23e444694e80352bcd1192dd6a551df148bba820420da07ea57e0f35dfa3f477a8f6d7de54c76d735619c2c50b302eca848807497722d5df8f1f43cbc032c322589240d7f4a2a06fdc6a1acb251bff099521e013a4e7bec070281da5529e13d17d9ee34f233ecacb580ee93ebc26ea00d1e4dbd0449d6767');
INSERT INTO gallery.sample VALUES (57, 25, 1, '\x11dd8f94f113919a44de6544c24af9d86ac1d96ce15151d869ce606570eb0ca4', 2, '\xc7d43d4c3d0cb2178db90c400c893e5ad98e845a42c7bcce40d5a2d037fe3682089ad2583d774e24197f395a9d63f43ffc2db1a9eb9a363e87d722906d674aff9e11e0e566aee4da875efe3bff94ef4d9922a1ba968c5b3784f133a4b643114e009923b57b51c011482f73653052d1bdc205');
INSERT INTO gallery.sample VALUES (63, 13, 3, '\x12c0adf9db926b9cff80718ad452e2e2167b8da136ad3360a80ad13363677115', 2, '\xc81eb3482d1b0ab68ab8c2de0cd92e7d9f4bdd0dfd74fbf87f1e4ecd5d0a42a376000073ceb34b8d08761caab49f912ca648c9c32533a4bb01fb16e15cb026af7a2287116f8d45ab04cb4540ba1b73b3c5a4003be13e37029d19e5d7bb23cf91e976d676d261d8cab5cab4a677a4eacd113d');
INSERT INTO gallery.sample VALUES (60, 3, 4, '\xb2c0e976bc35cbe40a856c3c487c453197663ac4e12fa715fb783ae80eae816e', 2, '\x4863bfcaf8a5cbf7af0d47bf178ff0aaec8166a613ec567cc42cbc3539ac1dd497cdd0b77cf82340f8a16c165668a15a68a60aa70ae9e8f6010aae1f5cc61ad20de50b4d64c25d146d0ae176c60bc5b95f577e78ae66d48a0efa95ca95237fefbf24970fa01912e0339dc7d574f7c12fe823c229f58f291576ac49baf208a9a0b323ea28ef3359ac434b3922bdebbfa9fae154a688290cb1b4952d52655ee5eeb7ebf5');
INSERT INTO gallery.sample VALUES (61, 26, 1, '\x30ee5729f024febe4f49c6ae6e2d303600390517e535de517df1fba556054df5', 2, '\xdbb66678439e11d6412806bb059c6a8924d77e02aeea9af255bfbf43bb49bfd20d63994254da528463fde76633ac031eca6a6256a41c80b3b584bac5013ac5fea3a12a1e8bf1990e4437439289c124ce506dad10dcf7cd8e57c3d17778a8a5e62b55115d40d6e82beb7286c786c8eda213c6727e36de68f29c619d089f4726e0709b5f6904a3517b24cdef768228cef36cae8af84a3861752de75a59f4cafaed397a0441');
INSERT INTO gallery.sample VALUES (62, 27, 1, '\x11dd8f94f113919a44de6544c24af9d86ac1d96ce15151d869ce606570eb0ca4', 2, '\x75752c1bd711e46068c95d21b20388bdba9e01fbc81e437f2c48f232fba6b3d544ae30e074e3b19e67933a38de44b54d414dc67d9a93ac7d3290053bdb406d2a0cb8f138bb111f5c4564b2ab15a78a5fa6857514973d0ca7815cd85221ce764f785c7061a13691d0523eda061e619bad6471209e5f27422c7648c06187cb069b20b6e3f3aaca3309c904fb8e4e0913b53dc1c9e86ff9ff8704a07fe7a73f453ba92b');
INSERT INTO gallery.sample VALUES (85, 28, 2, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\x6632fc71e439eba167587d8101c38a2aa7c33b2dfe77caeb8488f3865683c77c15b270a10867f4d2712e989295f8fa20fef8b2875d6bc408ff47200ed7997c055d4ef4fe607e17d86d46ec727c02404e6ab3a803ddf7096544ce5fefc1be4323f54b048cdb3577387a26ce19853a2cab4ecd');
INSERT INTO gallery.sample VALUES (81, 29, 5, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\x28b867dc4aa78806774fa33aa892365b9d3d2f0162ad0265951b358dbacd124db6827789e211bcea20868fb4098fc6a8be71e6897a182d69495506314fb0f25be165c561edc463da70688943968329dd599ee456c774f2b8035e39489933bb2a08df7cc3c6250a2b2633398c8c1aad91d2e9');
INSERT INTO gallery.sample VALUES (4, 3, 1, '\x1d581686aa51ea3a15e6118834e968163185229bb2e691ac5b087965d6cdd6a4', 2, '\x4af2f99d4fdc2701fbdf8a8edb147844d6207e4ae7671e2e6c2ccb7fcabb208431157fb5903c63b238b158cca233fd517d72a87fa82c2d43a0f005ba35b0b317c31a9dee4df0159fdfbbcb7b99a95bbb483531023fc3177c76a03405ae5ae213eac62c8204ead2fdc7781aa23d6fcbe330c448a6aead94c02209501186e3ff6752ed02b6e535ffd0aac95f4d1129b269e14d26982198a226633bada29b53eab36d02cc');
INSERT INTO gallery.sample VALUES (18, 3, 3, '\xdfed20e0bbb0d46ee0737c818a2a6163d12a70f319577cff4a4edfe8ea58a258', 2, '\x5c38684639ffedfb2b47fc2cf743eab8114a65d353c7f8f2942d45d12831d6d34ec10778957c66119b7f97f7d2f77ffdff85534438e3e4e20996d356ec6758406a5874d8d9ce1f136e73ccfd25bb80272146dcccc34dad74f055de21d9c8f601b1ae0c3ba7db104ee295529039f9c1d77339');
INSERT INTO gallery.sample VALUES (91, 27, 3, '\x1d581686aa51ea3a15e6118834e968163185229bb2e691ac5b087965d6cdd6a4', 2, '\x9c58534d1735ce449e8a154042a8067457dce49b7a40a11c9b69900ba10a61134b7aad316b5a58c79baf3d701e5b2b11ec929d2d22052756d0cf0c40be6c3cab493af1dd896641a022c55596072f8056d5e31c334b04ed2a63477e3ac455dc7b4184d55b27acb1374447fdfa06e04e7bc7fc');
INSERT INTO gallery.sample VALUES (68, 28, 1, '\x5ddf594c3070dc5b43521d9dbfdad46d919ba90794c0231888aca9c57cb92302', 2, '\x312774f68d7438ecd524faa9e36533472db6a16ba1ac2a2273f1aa85efb86182166a0cb9ecb1ae0d15d34e7838441adeb532f5b98ad8d905bc6b590404ff9fd0d082ce43703695573ddc1f2e551144f39e236b0d86d020a06b69437b3344acd501d24d8dc2e650c1693d0cb412339ad628cf');
INSERT INTO gallery.sample VALUES (69, 9, 3, '\x32417efe95427462ec302a45229eae52b079a41119cc542c148cf5f168b338d7', 2, '\x7f0879394dc1c59c70676753bd52335235ee31e856f1ea532f4e80bc3da3ccef2fd656c542cdab4217975f9a7da5009192c8bf2079a9a9360615ff6f2d190cc0f6e5058f466b74d5187ec46f77f57dd5dcb1210dce787de44a9698d4bd352bf80194eb811a40ba9640a005aad0532f376611db617c1be331197966c11d806ddbba73090103c4079a44a66118f028c1647e7ff23b2478871fe221c768e5d92dfd8c439e32');
INSERT INTO gallery.sample VALUES (70, 29, 1, '\x1d581686aa51ea3a15e6118834e968163185229bb2e691ac5b087965d6cdd6a4', 2, '\x8f44ca5681aeee0484168159c1dcd126054655b736aea6aa7d12cd25ab979005aa97a77cf11433f18606d9537f4bc5e559080b85b04cb7858e5e18bc32e6c65799f715cb888b2158501079a86a995ef1ba44c1a0d5e60d1178a3c5fec904fcf3045e0ccb756c8f870d003ba2eccc5cf22a64a9ab27a40f95174d96b36fe2dc9cc92f8a9f1c0fc90bceb4c82e322259b8e96c167ea69e437e677551d41b37d6c33ac5a6');
INSERT INTO gallery.sample VALUES (71, 29, 3, '\xdfed20e0bbb0d46ee0737c818a2a6163d12a70f319577cff4a4edfe8ea58a258', 2, '\xc4ff2eb016a387d1543cd19326b61bf1a13bcd2341d354d468140b7e44cde8af017f88c8a3d5d8d82304e251c13418456245e99e395edb1fd1980a077dea9f22068111c173d717adfd9ed69460524ab947fb9d0c2621942d6dbb35801997ea836533a100f62d52b28e0ea76f8cebd711fb28');
INSERT INTO gallery.sample VALUES (72, 29, 4, '\xb2c0e976bc35cbe40a856c3c487c453197663ac4e12fa715fb783ae80eae816e', 2, '\x7264723c58df3b11bf5e99d4068ddf3984660e36bc05c3354b293dbb7ba5f1916c5f957776f45ca3811cc508f594323850f38d209abd4e3a92211fe21ccd59d8c603a603f154d56cd5438325671bc5a0172ea2643e16367377da9880b07d80adba5511c49157060882be0270dd1d34e709e720c195a0489d31d75443129bd03bff89481d2c85f005369205ea5af40a23d3d1e34ae55655eaf3653e0969d775991cadbb');
INSERT INTO gallery.sample VALUES (75, 8, 3, '\x1d43e28a8c1f73216da7923a3abb63969530e3ea44d403afdb9ba9fc856e1edc', 2, '\x147d883f045fd8b17873cb92a1b046ebeeb99d63e5f5b608de39addd15cf7892f58e0ad5bb2fd29e73df919dd866bfc05995225d75660f34a8a9640da99ec6e04cab355a562c706647aebcd4636e4952fde269e59d436526981715174c8a30522a6771b92a29323ce68b75ac19171095d1aab4a99934c3f7e28442157fb1d945588e0f8cf7a91e7cadbf6c29e4e16da2a5defdf1e55f079c2684482129393aeecd950dc8');
INSERT INTO gallery.sample VALUES (20, 8, 1, '\x1d581686aa51ea3a15e6118834e968163185229bb2e691ac5b087965d6cdd6a4', 2, '\x4899108b040d41707fba6b93f435da2499b5bf8c42f0aff115eec90c6539fbedf413faac64aeabfc39bf20aec714f23a382ff5bdda5db2cf59c92faf252c8218120c89f8eb35ae015fe2651b168d0442ec6dfcfb71c69bacc6e0ccd54a6bba280fd52d97b97612d6e31d2fbad9f9f3537aeb');
INSERT INTO gallery.sample VALUES (21, 9, 1, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\x2c29c249ff3e6b36657efefe235b3a658d51508933f1ea59224f167ea995079726c8c48fbfb202d7163c2ad670ce2369e4c1b8a2a1e836a1e988eff52139129d0e63295f2eff167a0a0626c08d7c6799e5c1df2be2b8db9c4e91fd9c0dfdeca4835c2ed43775e85c712f59cfc578344c0635');
INSERT INTO gallery.sample VALUES (111, 25, 3, '\xf5bb2233c26a3ef06d1d4687ef7deebae6a69f990a35926efa7c72ba0d289358', 2, '\xb703ebc28c57626cc5b53dcd6abb63c6e59bc6d508ebf24ac0efe7cbad008cb78033a6503561c6c308cbca46e2513bc24634fb64e6ed77fbfa46bce44cf3cb894515486bcd17f1af867f549a147a25186f8bece12111f2a8a6d9e36c3c0ed19f6b8921090e22a9f944cf0044fd007ca16408e4ee34d29011168c1067c0d4da3e27db1ce35f0b3bed87ebb6718bf5855324ca459fe1db393dca875b7f2c00d029bc7bd1');
INSERT INTO gallery.sample VALUES (77, 31, 1, '\x2824e379a6473eabbf6172ad5bab3385211828de4b8f29f39bd4150261659e32', 2, '\x1db2329e910b0f1307e4a96de07031ef0f70b94d0dd1fc51a61e1038d829e9896de65adb357d8cf80401871f6228b59c439db8a8fc7870bbdb87120e379200bfc6c1f301228901812705a18efff505b4e67ead80d1844a10f1d87150ee573d7ee7b2e9a23a945d35be8b8c4d12e59e1298d3');
INSERT INTO gallery.sample VALUES (82, 27, 2, '\x7f41f5d17fe02b91f365cd1799cd2a865d0761e88a49d73e1c12933948338c66', 2, '\x8fcc33d4bf8abc906369130ef6fd20971cda64ead3a249efe976ecddf575c0a1bd5f9503928f2cb5700667d9a2a815bf9a1b3ebcf715cab1288ea87bc1f16095685a3a816f12f35b19b0c983b6a07ad839eae5f41773cc378d665b724bfcdd1a2b8535514aeb7c486c3c0c161bb513e46d2f');
INSERT INTO gallery.sample VALUES (83, 18, 4, '\xd586674f05adce32b462879354c8956b683b078b8eb5e786f228e7750fa0d0dd', 2, '\x52ff555355bac7343a954c306db1915ffd77b89238d3368d1398326ed0038402c438baa3be4421d51345a7f6b1fe0717e6f46377d05130647d9b52833edc33f9a9ab6808a7bbcdae9eb35c714bf683aa02e1a4fa76f378344809165a90a05f1b3c6e37517978b4644612c109e6ead3db075d');
INSERT INTO gallery.sample VALUES (86, 32, 1, '\x0a52dcf439987f62d08d867df8e371248d24b6e45d0dae94c6e7ee600c05fba2', 2, '\x8616e6292ca386a98c471bdd934b2d51d08020171baa2680d26be9695406c9445f9bd80706b408e957ac956aa4621f65ae5bf40709d33aa41cb0d6c90382da3c42f69fcdef306531a255d7287d8622cde516a47d23272b38fb56a052451e9f90b37ce885a641229a45c33a1a52c26e058c73');
INSERT INTO gallery.sample VALUES (87, 18, 5, '\x6572c5eb5496205d3d104cfc7798e7497bbf0a94633730452e008b1526c6221a', 2, '\xd7890f751c05fd30c020311ab08aa6537bee2679b4e274f171b95c2b35106ff141c9469aad0563a30e73f6f7e71a5f2946f57749b82f1965beb7f911fc12ded897c3e0691f5da15cd839fcef6694d4c13b61439f042779ab17a24531d87adfdfbcf994fd294464f3363bcf52117043fcd9f9a2161395a1649c13a09a52ab6dc05fff105eb8e3a6320d24e5ba1573459a7cba31a4844062d83691257eec6e7d1d3c4a8dbb');
INSERT INTO gallery.sample VALUES (30, 13, 1, '\x0a52dcf439987f62d08d867df8e371248d24b6e45d0dae94c6e7ee600c05fba2', 2, '\x6a9c573e651deebd7ce385d9c5e6bb7009c7904456d6fc84cdbeba3914e8bcffcd42f140b47829f1e0ce387d11714d01eb32829caeea9b7124e398fe06c7a9c53ecc9c40cef9ba6e334acb3d92b83558ed3fbdbe7cc74cc0ab08ee1408b1700595143edef95fb5c3a331a910ff9f6fe427d5');
INSERT INTO gallery.sample VALUES (31, 13, 2, '\xfdebd58e341aeca2b39ae73ae6b53900c3d9c75375056195b624042e2e070608', 2, '\xdadc5ccbce65a24ad888926832e4f49d24e6ee198a891afa7fa0669208fbe7fbe761e5bd554b041d322297be00a895d16679ef7cab257cb5d31db04f3481feac8d64b1c0575db40e6427f48505d1f2d335841381eff21ea59afea6b3748667a7409c70b0cc0ef0c8576bff0139f6c43b69b9ebc133e26d7f7e9998b3bea4f097750554ea9c49ad123fea26cce09b48356de88b737aa6c9a8a1b13b254b885dcd46bdd5');
INSERT INTO gallery.sample VALUES (32, 14, 1, '\xfdebd58e341aeca2b39ae73ae6b53900c3d9c75375056195b624042e2e070608', 2, '\x54123d5a968f2c7268016f698f5b42c8d010ca8787f6e9d6eb513996c5504a9b191207c7a263b8b332a6db96e95bd19c43873c7a1334f5ec7e82b96386baf11004eaf589c6ef3feca603bf96ba422de985cb2b4e4266692c005f728b4bdab1d4ef01c66b3cc3d80d84f8040ec3cece5df8fe751d4e4a7b83e4e0b9206ef27bea7c94732ff9ec4c31ff9423c6a9fae72ddf257661cb07167317253c5f815c89f88b5b');
INSERT INTO gallery.sample VALUES (88, 8, 4, '\xde7baf905c78aeabd4a89adcaf8ff63a6eec7035d9afc12ba9834e20658628cc', 2, '\x5b17557cfd0aac5128ff9a80607fe788de86f27e00fcf70f828034c9cfadfafc7cb3d7316bc34b2063b48ff88236f6d7df4efc5491bc70c3a0ef1276c685e9c9b730d5f7d5e041a2bf0c4a4be57129e7757e340fe29be2276e396437c3e730da378ed67ad5a469063bdc8b0024f36fb2175707ba15c1e8dd189996ece7688125fc45a7d34b145752767bde8ebdef8c2639645cd552a58c843c49a18510837528df046d82');
INSERT INTO gallery.sample VALUES (97, 27, 4, '\xdfed20e0bbb0d46ee0737c818a2a6163d12a70f319577cff4a4edfe8ea58a258', 2, '\x56f8bdf37244f0cd56074c9e470bcd0f54427cbd03f565e81e436b19764b102ea87ca574b46a6a4baad408ef37256beece4523bdc80ba59b24bb77841fa07043c81a711c3d738f29db40c74b36cfbf77c5e33e5228f986db25cb015847ee85f326210bcf80fb8b7604599efe81c2e207e6be');
INSERT INTO gallery.sample VALUES (106, 9, 5, '\x1965fa04f1bffd0772fd5f2b880d051b4ba8762683218ed45c2eba864fb4d2e1', 2, '\x7d3d9c3277ce5458e535ea47c750b182fe77a3ca96b88950899a0934a4dab7b16724ddf8d685877a3f437074f990e0d03c50090603be9a128b5761dfd7c1f169118ba62076e535688044bb23f5eb2ab63163a3f6588de87c93a72c26ff6a2b24784bcc008f1d2b59c75e76a4375554788af8859e4d5d93bc50a41c1dc626910150de38bb835ea746293944d127d626a7c5626f49bd302ce0d2c3029334a00d20');
INSERT INTO gallery.sample VALUES (99, 26, 5, '\xde7baf905c78aeabd4a89adcaf8ff63a6eec7035d9afc12ba9834e20658628cc', 2, '\xbf3dcbbc6a3acb5cf07c45c60a91de92881a2f08c1f3c56cdfa8fdeab33be194c5431ce4181a73285ba8d7ee8d719d93211f655084de0eff43703acf3e2ca496785f2ce3006ba1602d0b1c52d3c950effab54e23a0d52ddc4419f741b9b5fe4a9560035ad453db361718b1ba58a2f4f4c2f8');
INSERT INTO gallery.sample VALUES (89, 29, 6, '\xfdebd58e341aeca2b39ae73ae6b53900c3d9c75375056195b624042e2e070608', 2, '\x332b413b7b0a2245f3e64fcc0e5aced4a261bec64b37392c436546908c1dd256a47e8a375cf83f537b0edb2937e210800ba11505622743d4709e809ee533aee2bed358032a1792dd49ab5b949625c60698bb9742e856eaa3c41bf92e16d76fbeb529caf134b5517abf7fc06cb1e59efc9f22c704b20fbca8157da566a42e621173256e1e3bc1f5fcdce422dda4428126e4db7c7fad823ea2d7cbfb39e9414df0d9b9e7ff');
INSERT INTO gallery.sample VALUES (38, 17, 1, '\xd586674f05adce32b462879354c8956b683b078b8eb5e786f228e7750fa0d0dd', 2, '\xf75ee15527917c17ad080b015b34f0f9684b20fb10995a22c14b62562dac015ef159740ffc27d56bacad62a8a539cbb6681fb44e8d8f72c3658aa2f989f802e064fac8833d14c9b8c612bb749cc6d96b8de951198261b3b3bc405d3b3152db3d0c1ce41ec60bc5ee39f4accf02883dac9e383558c5e644041f7bcc33e1e6df3ace6b7f88262641787fb83574c1a065bfa8f12b600e7b08c0362b5771eff063bbc183b6');
INSERT INTO gallery.sample VALUES (107, 8, 5, '\x33ea0d3d1b17cb6d23bde2fbfe22f3c4360c5929d77b1c039b9b94a84038a2ed', 2, '\xd753a6ea09e35edae0f57e030d0eec5081dcc5d1ea1a4cebcb9d55f88ec9892d7ed228cdfaff2a619b04c0798e17303739a453d187fda0a10fb0f15e429c029c4e9f2695ae8d922104a0c8e4bf0c18201de9f281033187c008407bb9b1eec3083d07e9264bddce9ac30e832d21417679d909');
INSERT INTO gallery.sample VALUES (40, 18, 1, '\x0a52dcf439987f62d08d867df8e371248d24b6e45d0dae94c6e7ee600c05fba2', 2, '\xde981ce1c6cf35285d456ba76e6c65b85b70f5a77f8411df33ce3c96032af29b6ad46fb606607a8471f1c32b6656d6026fe1dbfe624fc428db9bbaf5d2f77415c3354bf8ae32b3d9b464760e6c7c9f034e5f9e8fba23b9dee4359909def4b185de63ceddfb510a6609e3320eb8af0a426c21');
INSERT INTO gallery.sample VALUES (90, 26, 3, '\x32417efe95427462ec302a45229eae52b079a41119cc542c148cf5f168b338d7', 2, '\x33396570708817c3fd3555dcac8d7db9b19142026f8850851c744cef57f3ae7f2ee755a77152613ca792bf186dcc1a4a33790c39f2d9abefff2bb334fabb7f288e0f2cdf001b8cac5210120b783192f1ede97d420a58d0d66985927fff2b0e77391fbfb20c7304a9864ba0728f9608100adbfb083ed4873d5374d3b0238ec44493877acae09b5a1bfaca5452bc64fd2fbf227b3fda8c3fc809e657e7f4e238539093bcf2');
INSERT INTO gallery.sample VALUES (92, 13, 5, '\x12c0adf9db926b9cff80718ad452e2e2167b8da136ad3360a80ad13363677115', 2, '\x43952f77d046d7f64f67e3db5aa295996f4e6586fda4bad1e388b43ba5de9a32f888224bb2c1b7c4162185f04a7942594e048d83650121a1f09af037243907cb01766e1c6c8ba5c3f7ef27671be2e076e04d27ad3518ae5361ceee5fbdca9eccb5767fe18ceaf0d2f798fe2f3ecf33fe5d2046b7e07d7fb8d34b101103102eb695ac89970cf1f2597286021ec956e5b3060d997fb882c010727c22814dda9772642b');
INSERT INTO gallery.sample VALUES (93, 17, 5, '\x33ea0d3d1b17cb6d23bde2fbfe22f3c4360c5929d77b1c039b9b94a84038a2ed', 2, '\xced346b128e67e4c0de8bf5eb2d261f9486ed296f536c33c56faaad824af81f915212bcf274195da8930eb13c251a20a54a23eb3c6eb98e584cd9497707d21e94356485bd48dc06378f2155604113a19e529215ba799fbf261e1ad4ed862aa19f3f1ff58ef14396a31c7e1f8076b0a77d19194d600a7dac4ddfd5d3c8067051bd4459cc7a126f953a618658cbdc10b64268bff48ed8405c4d36ef2d33236605cc7938f');
INSERT INTO gallery.sample VALUES (112, 35, 1, '\x32417efe95427462ec302a45229eae52b079a41119cc542c148cf5f168b338d7', 2, '\x538011dfe8ba04610684294c21c9becb279dd54e55f2a312098da5f975ec6805cdd13b8c881b04c667c8f70b3e9662bf1fff3b067ccd8e878baea2554c324e7b3176cca615b268492d77557d9171df7bdf2932691c02c3b717e58a4d57d9e6bc36e267af24ede17a53e9d164baf1b33269ae');
INSERT INTO gallery.sample VALUES (100, 3, 6, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\xd9504550e3baae46f5dbc53f4e53d8d0a9f4fb48f0948b5d35b3b5689bfc5e282916a374e24ebe6e03f7908f908572050253a1bdea3106d815a876b8494e7904b4b4659bacc6dcdb0de994b7b69dc5a3340a3f23fa2ac2da9bd6752968e0e8668e7cba2e46f7b0a7aa7add1494b94f649e54c7f937608b92bef6d04ce4dfdea69dcc1f838deb837931adc5f416edde669b10a8d2370e64fcef4f288cf52f1323bc1919e3');
INSERT INTO gallery.sample VALUES (108, 34, 1, '\x1965fa04f1bffd0772fd5f2b880d051b4ba8762683218ed45c2eba864fb4d2e1', 2, '\xd90b5665ff86e163625d2674bdbfbfca995276466f561dbd78c82d6289ad56f88344bb658ae0cbde6e4dae86553ed3a9aef9db2f230ee9a5926341294bd270f50ef67a3d403b5ac01ff8b09a9681bd87a2f2a37887ff6493b78c1ebb98aa4cdb368b4284ce7c0eef454e5b821573eef55fb4');
INSERT INTO gallery.sample VALUES (109, 27, 5, '\xde7baf905c78aeabd4a89adcaf8ff63a6eec7035d9afc12ba9834e20658628cc', 2, '\xcc369dcba47c6f3aacd8ef8f2f58ebd27459434c585fb59ba2f8c9170ec2cd98be0cfcdbef5d57beac419faa056dd4702d391400c4625ff2f62513a8b766c9e40be6081ab9c902f8e9f3f2393baec7a19eaffa4597f147d0d05c45c72957f921fb9b14954d7ae9dba48ae448183587061bd03e28ee10938ba513b62ae4b076eaeaf505108def942fdc74d89107a34816bb6b63a672eae2725ebbed4bc68d260fc2827b44');
INSERT INTO gallery.sample VALUES (110, 33, 2, '\x2824e379a6473eabbf6172ad5bab3385211828de4b8f29f39bd4150261659e32', 2, '\xe5ccafcdc387f213155e89eb0bf8eddd80e14ecb075e19d282e365a587fb727b27b4c8fc7fe41c6ef5cb0dd2948d785f659514d41d33e5c01835a6e384dbe187364135cf3d492e67ee6af4b72dbf76d20cdb835e2a205dcfadda541fe58afb8ab8acd36b37b71e901e2ec29a10a1eb5900aecd563c17fbd3a38e176245b9fca2450de24132c02cd46ffd1aef4ee0513d609dd5306092d46348d2ed98f1f34470be530e');
INSERT INTO gallery.sample VALUES (113, 36, 1, '\x7f41f5d17fe02b91f365cd1799cd2a865d0761e88a49d73e1c12933948338c66', 2, '\xad23461004679b80d71f865995c9dd67042e12a129b07b75e41c2c03e6ac349af4e5d8e69bb17187cc864c76d5c7017d221e6cb2f62a724c19267340e34bdb8a5ed30b39ee897a520731c47f82669f6d6eecf24bb2bc8c4f5f5a5e0f2b3c8483f2111bf4ab1b4a04b550d063412691655c4c2ed43767cf458be2b803411dd479f208f1f91879d5ab2d68ab75fb09187a73ee0d0b2567a96b0811a383f101e97da97a058a');
INSERT INTO gallery.sample VALUES (114, 32, 3, '\x32417efe95427462ec302a45229eae52b079a41119cc542c148cf5f168b338d7', 2, '\xa91f7fc29dd0ddf221dd266740991ee5d9892b5ee450711d9c4ff86991b34441293134dd7969b021149ed76627912162bfe75d1d2129d5b840f38de1735d47423109146752aa1e1b278f9ce2c747c253eaf6fc4af506bebb3b9f62be37a60fcff6a445a82f8d3d72ad43a4b17caca346ab69');
INSERT INTO gallery.sample VALUES (115, 34, 2, '\x12c0adf9db926b9cff80718ad452e2e2167b8da136ad3360a80ad13363677115', 2, '\x0719a7e9a55fbd669a1f8c41fc30f4de32c10888dfcfaee55694b9e3d742b63fd229a536b82dc3292c7ac60dfca15c9fe78b2fe7090fd8bfbe284adbb868f171eda4b5170ce627bd436473fdfc346c39788dfd309e0cd6b62ddae337ef20d914ed014b1a161f9d969817d772a9a2cc0c3f90dd14ed30e870a1ac46650e8a493fe0c077d3461d89ef3add81901efd60b4a855a7d1d310f88ac8d739754e5380789d4811e4dd');
INSERT INTO gallery.sample VALUES (116, 34, 3, '\x75c268d31c0d1a8421d9d4113939c1893dff2c3684ac895bee5593bfe7725ba2', 2, '\xbe6da3e854af24c06970c8724c2de9b5a23f59e25e81d1544ee74772c40cbd08dff5aa1eab33aa9522887328d2d52005899e0b5ce36abc7aeaa9f495af3a621723e2f0802c8cd133c573e7b1aaad114ce34d60c1b4f7627da9f5c68a62cef95968f03dc99c9dbe8aaa2482415a440eaeb0e34c4bed2b3949bb02bb53400dff90c599947c042956a7adb08c96bf73c6bb80f551fd6659331b1eaec106061a0f4493d10c4f');
INSERT INTO gallery.sample VALUES (117, 25, 4, '\x170d7fe3f6aca1e7b7dea4e5927d02e6541078a1b96b52aa2946dae77b0c31ae', 2, '\xb7a4d4593def977d56ed2187ff57ff52889ab48425e3baf9a81ef13a91488b932a238a4dba2b3655fb2eea3a68f7ac119a185123e7dff22774a4a681c814fbd5ae8a0987caf74c4dedb7711849d68abf0f864c8441eb682fb1394c1b6902f892bcc76b33c9c93a0d7a92c6e2e89ad29b115f');
INSERT INTO gallery.sample VALUES (118, 37, 1, '\x2824e379a6473eabbf6172ad5bab3385211828de4b8f29f39bd4150261659e32', 2, '\xd74bc11c21e329366e542c81484fc88282d8069636365822a8af74830d62c45aa3177466356866740095dda9bad856249410c371e7c05ad884acbf6bdcc5441fd882578025e581f4d3d4c7877357888ef6451ff0c9279f187605f72dac30a85b1713d77df0feaa617a91757a68a52412b82e');
INSERT INTO gallery.sample VALUES (119, 34, 4, '\x29edf6d220b68f741f31de421956bb068088fef714d6ecfc44c13062da00485e', 2, '\xe84b9c1b192c356d514527ad874d5097d10aa7ba1beb6a1ff9da2e3c5271f57d033bbb28c80459958fe145349b0b23db2f7adc365f121710c85975cf9bb969bc32afb9a7510b5cd6aba09298823984497d5ab154d2cf11e7bfcdaefa6fe2b84702ebb0e1544492d21c5479a91be86e991b884ac3ecd1e54ed59f9e92fa134795d084bd421f3febb1c5a75a5da4190531266365cb6a9d4e43c7c1de631ca76e4b282c7bf9');
INSERT INTO gallery.sample VALUES (120, 17, 6, '\x33ea0d3d1b17cb6d23bde2fbfe22f3c4360c5929d77b1c039b9b94a84038a2ed', 2, '\xd0f4a30f14fd75b2dc75d443e8f60eab859112ba0548e6ffdf696ae48d6d35c079149bfd505c5a4e677e3696f0d052d3b5d63ae16a43be28b3590cbd839f83e1249965bd91228fa7f17755c256b8764a186a768cb89e092235cc5daf02bac82688f0fb02c34b97c7b3d2cdfade38f3be133f');
INSERT INTO gallery.sample VALUES (121, 22, 2, '\x29edf6d220b68f741f31de421956bb068088fef714d6ecfc44c13062da00485e', 2, '\xb357dec3bd51fbb218ca142313936145fcbf85d8baa931e66c2038e19a9cf1e585b6ae58675ac1cc985bbac7ff5a1df86d60c9198ba637acc87e13dad5e41b71507035754aa998844ab78920a1c0e817fdde740375b6ed0e58bd021f60de479c47a06eda3b4f8753e8ae9d4c31653cb6a7d6');
INSERT INTO gallery.sample VALUES (122, 25, 5, '\x7f41f5d17fe02b91f365cd1799cd2a865d0761e88a49d73e1c12933948338c66', 2, '\x0b1e92dc277a886667cbdeb6e2688d1a706ed4d3566c227bf465d86e8bafa428ac6fa5d8e274f754645c7af5cb87e83653326ffaab251b7654b3dbdd0f63cb3edda8587d6883638d942507214f2dce204de2f8da3321eede48f36627f5d1b773b9afbb875fbb8d4672d6fffd3af06146ab95');
INSERT INTO gallery.sample VALUES (123, 28, 3, '\x8b977221171fc5eba2809636cc11eeb850ba2b6aaad4040cac225cfea6573993', 2, '\xb27e7a06f924775c49f8cfba1d9f42380ccfcf085d16002910fdd60175b7b3695a94462d367592ffdfff4d0680eebd253e7d1a10defc5f7e81e52f0716f3ae0ced8f1d92edc6dacbadb270ae0a4651f379fd81739e418a7a43bb2eb9b5a740978fee7b2243ed43afbb0083c4d5f2acf4695d');
--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (number);
--
-- Name: commit_mark commit_mark_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.commit_mark
    ADD CONSTRAINT commit_mark_pkey PRIMARY KEY (store);
--
-- Name: data_key data_key_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.data_key
    ADD CONSTRAINT data_key_pkey PRIMARY KEY (id);
--
-- Name: embedding embedding_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.embedding
    ADD CONSTRAINT embedding_pkey PRIMARY KEY (sample_id, generation_id);
--
-- Name: gallery gallery_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.gallery
    ADD CONSTRAINT gallery_pkey PRIMARY KEY (id);
--
-- Name: generation generation_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.generation
    ADD CONSTRAINT generation_pkey PRIMARY KEY (id);
--
-- Name: identity identity_name_hash_key; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.identity
    ADD CONSTRAINT identity_name_hash_key UNIQUE (name_hash);
--
-- Name: identity identity_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (id);
--
-- Name: image image_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.image
    ADD CONSTRAINT image_pkey PRIMARY KEY (sample_id);
--
-- Name: sample sample_identity_id_number_key; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.sample
    ADD CONSTRAINT sample_identity_id_number_key UNIQUE (identity_id, number);
--
-- Name: sample sample_pkey; Type: CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.sample
    ADD CONSTRAINT sample_pkey PRIMARY KEY (id);
--
-- Name: audit_by_name; Type: INDEX; Schema: gallery; Owner: likeness
--
CREATE INDEX audit_by_name ON gallery.audit USING btree (name_hash, number);
--
-- Name: embedding_by_generation; Type: INDEX; Schema: gallery; Owner: likeness
--
CREATE INDEX embedding_by_generation ON gallery.embedding USING btree (generation_id, sample_id);
--
-- Name: one_active_generation; Type: INDEX; Schema: gallery; Owner: likeness
--
CREATE UNIQUE INDEX one_active_generation ON gallery.generation USING btree (modality) WHERE (state = 'active'::text);
--
-- Name: one_building_generation; Type: INDEX; Schema: gallery; Owner: likeness
--
CREATE UNIQUE INDEX one_building_generation ON gallery.generation USING btree (modality) WHERE (state = 'building'::text);
--
-- Name: sample_by_original; Type: INDEX; Schema: gallery; Owner: likeness
--
CREATE INDEX sample_by_original ON gallery.sample USING btree (original_hash);
--
-- Name: embedding embedding_generation_id_fkey; Type: FK CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.embedding
    ADD CONSTRAINT embedding_generation_id_fkey FOREIGN KEY (generation_id) REFERENCES gallery.generation(id) ON DELETE CASCADE;
--
-- Name: embedding embedding_sample_id_fkey; Type: FK CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.embedding
    ADD CONSTRAINT embedding_sample_id_fkey FOREIGN KEY (sample_id) REFERENCES gallery.sample(id) ON DELETE CASCADE;
--
-- Name: image image_sample_id_fkey; Type: FK CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.image
    ADD CONSTRAINT image_sample_id_fkey FOREIGN KEY (sample_id) REFERENCES gallery.sample(id) ON DELETE CASCADE;
--
-- Name: sample sample_identity_id_fkey; Type: FK CONSTRAINT; Schema: gallery; Owner: likeness
--
ALTER TABLE ONLY gallery.sample
    ADD CONSTRAINT sample_identity_id_fkey FOREIGN KEY (identity_id) REFERENCES gallery.identity(id) ON DELETE CASCADE;
--
-- PostgreSQL database dump complete
--