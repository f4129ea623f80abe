-- One database and one role for each service, made when PostgreSQL starts for the first time: none can read another's.
\getenv password AUTH_DATABASE_PASSWORD
CREATE ROLE auth LOGIN PASSWORD :'password';
CREATE DATABASE auth OWNER auth;
REVOKE CONNECT ON DATABASE auth FROM PUBLIC;

\getenv password EXPENSES_DATABASE_PASSWORD
CREATE ROLE expenses LOGIN PASSWORD :'password';
CREATE DATABASE expenses OWNER expenses;
REVOKE CONNECT ON DATABASE expenses FROM PUBLIC;

\getenv password INSIGHTS_DATABASE_PASSWORD
CREATE ROLE insights LOGIN PASSWORD :'password';
CREATE DATABASE insights OWNER insights;
REVOKE CONNECT ON DATABASE insights FROM PUBLIC;
