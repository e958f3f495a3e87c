/* See hostile.h. A row of the table is a file; its label says what it proves. Expectations come from the contract. */
#include "tests/support/hostile.h"

/* clang-format off */
#define B(text) {text, sizeof text - 1}
#define SITES "siteId,name\n"
#define HEAD "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate"
#define ROW "E1,C1,E09000012,2025-07-14,43"
/* One good episode in which one cell is as given. */
#define QUIT_DATE(cell) B(HEAD "\nE1,C1,E09000012," cell ",43\n")
#define AGE(cell) B(HEAD "\nE1,C1,E09000012,2025-07-14," cell "\n")
#define AUTHORITY(cell) B(HEAD "\nE1,C1," cell ",2025-07-14,43\n")
#define EPISODE(cell) B(HEAD "\n" cell ",C1,E09000012,2025-07-14,43\n")
#define PLUS(column, cell) B(HEAD "," column "\n" ROW "," cell "\n")
#define JSON_ROW "{\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"E09000012\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":43"

const struct hostile hostile_files[] = {
    /* ---- encodings ---- */
    {"UTF-8", "episodes", B(HEAD "\n" ROW "\n"), 200, "", NULL, 0},
    {"UTF-8 with BOM", "episodes", B("\xef\xbb\xbf" HEAD "\n" ROW "\n"), 200, "", NULL, 0},
    {"a BOM before a quoted name", "sites", B("\xef\xbb\xbf\"siteId\",\"name\"\nS1,x\n"), 200, "", NULL, 0},
    {"UTF-16 little endian", "episodes", B(HEAD "\n" ROW "\n"), 200, "", NULL, AS_UTF16_LE},
    {"UTF-16 big endian", "episodes", B(HEAD "\n" ROW "\n"), 200, "", NULL, AS_UTF16_BE},
    {"UTF-16 with tabs, as Excel's Unicode text", "sites", B("siteId\tname\r\n!\tx\r\n"), 422, "1:siteId:BAD_ID@2", NULL, AS_UTF16_LE},
    {"UTF-16 without its mark is named", "sites", B(SITES "S1,x\n"), 400, "@1", "byte order mark", AS_UTF16_BARE},
    {"UTF-16 cut within a character", "sites", B(SITES "S1,x\n"), 400, "@2", "cut short", AS_UTF16_CUT_SHORT},
    {"UTF-32 is named", "sites", B(SITES "S1,x\n"), 400, "@1", "UTF-32", AS_UTF32_LE},
    {"Windows-1252 names the cell", "sites", B(SITES "S1,Caf\xe9\n"), 200, "~1:name:ENCODING_ASSUMED@2", "Windows-1252", 0},
    {"Windows-1252 names the first such cell alone", "sites", B(SITES "S1,x\nS2,\xa3 shop\nS3,Caf\xe9\n"), 200, "~2:name:ENCODING_ASSUMED@3", "first place", 0},
    {"Windows-1252 in a header", "sites", B("siteId,name,caf\xe9\nS1,x,\n"), 200, "~0:column 3:ENCODING_ASSUMED@1 ~0:caf\xc3\xa9:UNKNOWN_COLUMN@1", NULL, 0},
    {"Windows-1252 quotes around an id", "sites", B(SITES "\x93S1\x94,x\n"), 422, "~1:siteId:ENCODING_ASSUMED@2 1:siteId:BAD_ID@2", "typographic quotes", 0},
    {"UTF-8 and Windows-1252 in one file", "sites", B(SITES "S1,Caf\xc3\xa9\nS2,Caf\xe9\n"), 200, "~2:name:ENCODING_ASSUMED@3", "UTF-8 too, on line 2", 0},
    {"a byte that Windows-1252 does not have", "sites", B(SITES "S1,Caf\x81\n"), 400, "@2", "0x81", 0},
    {"an overlong sequence is no UTF-8", "sites", B(SITES "S1,a\xc0\xaf\n"), 200, "~1:name:ENCODING_ASSUMED@2", NULL, 0},
    {"a surrogate written in UTF-8 is none", "sites", B(SITES "S1,a\xed\xa0\x80\n"), 200, "~1:name:ENCODING_ASSUMED@2", NULL, 0},
    {"NUL", "sites", B(SITES "S1,a\0b\n"), 400, "@2", "NUL", 0},
    {"a character lost before", "sites", B(SITES "S\xef\xbf\xbd,x\n"), 422, "1:siteId:BAD_ID@2", "lost when", 0},
    {"zero bytes", "sites", B(""), 400, "@1", "empty", 0},
    {"nothing but blanks", "sites", B(" \r\n\t\r\n"), 400, "@1", "empty", 0},
    {"nothing but a BOM", "sites", B("\xef\xbb\xbf"), 400, "@1", "empty", 0},
    {"a workbook", "sites", B("PK\x03\x04\x14\0\x06\0rest"), 400, "@1", "workbook (.xlsx", 0},
    {"an old workbook", "sites", B("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 400, "@1", "older Excel", 0},
    {"gzip as text/csv", "sites", B("\x1f\x8b\x08\0\0\0\0\0"), 400, "@1", "gzip", 0},
    {"a PDF", "sites", B("%PDF-1.7\n1 0 obj\n"), 400, "@1", "PDF", 0},

    /* ---- line ends, separators, quotes ---- */
    {"CRLF", "sites", B("siteId,name\r\nS1,x\r\n!,y\r\n"), 422, "2:siteId:BAD_ID@3", NULL, 0},
    {"CR", "sites", B("siteId,name\rS1,x\r!,y\r"), 422, "2:siteId:BAD_ID@3", NULL, 0},
    {"line ends of all kinds in one file", "sites", B("siteId,name\r\nS1,x\rS2,x\nS3,x\r\n!,y"), 422, "4:siteId:BAD_ID@5", NULL, 0},
    {"no line end at the end", "sites", B(SITES "S1,x"), 200, "", NULL, 0},
    {"semicolons", "episodes", B("episodeId;clientId;localAuthority;quitDate;ageAtQuitDate\nE1;C1;Bristol, City of;14/07/2025;43\n"), 200, "", NULL, 0},
    {"tabs", "sites", B("siteId\tname\nS1\tx\n"), 200, "", NULL, 0},
    {"Excel's sep=; is no row", "sites", B("sep=;\r\nsiteId;name\r\n!;x\r\n"), 422, "1:siteId:BAD_ID@3", NULL, 0},
    {"sep= in quotes, followed by separators", "sites", B("\"sep=,\",,\nsiteId,name\n!,x\n"), 422, "1:siteId:BAD_ID@3", NULL, 0},
    {"sep= wins over the header's look", "sites", B("SEP=;\nsiteId;name;a,b,c,d\nS1;x;\n"), 200, "~0:a,b,c,d:UNKNOWN_COLUMN@2", NULL, 0},
    {"sep= by itself has no header", "sites", B("sep=;\n"), 400, "@1", "no header", 0},
    {"another separator is named", "sites", B("siteId|name\nS1|x\n"), 422, "0:siteId:MISSING_COLUMN@1 0:name:MISSING_COLUMN@1 ~0:column 1:UNKNOWN_COLUMN@1", "semicolon or a tab", 0},
    {"a quoted LF counts as a line", "sites", B(SITES "S1,\"a\nb\"\n!,x\n"), 422, "2:siteId:BAD_ID@4", NULL, 0},
    {"a quoted CRLF counts as one line", "sites", B(SITES "S1,\"a\r\nb\"\n!,x\n"), 422, "2:siteId:BAD_ID@4", NULL, 0},
    {"a quoted CR counts as a line", "sites", B(SITES "S1,\"a\rb\rc\"\n!,x\n"), 422, "2:siteId:BAD_ID@5", NULL, 0},
    {"a line break in a header", "sites", B("\"site\nId\",name\n!,x\n"), 422, "1:siteId:BAD_ID@3", NULL, 0},
    {"blank lines before the header and within", "sites", B("\n\nsiteId,name\n\n!,x\n"), 422, "1:siteId:BAD_ID@5", NULL, 0},
    {"rows of nothing but separators", "sites", B(SITES ",\n,,,\n \t,\n!,x\n,\n"), 422, "1:siteId:BAD_ID@5", NULL, 0},
    {"a row of non-breaking spaces is blank", "sites", B(SITES "\xc2\xa0,\xc2\xa0\n!,x\n"), 422, "1:siteId:BAD_ID@3", NULL, 0},
    {"a row of zero-width spaces is blank", "sites", B(SITES "\xe2\x80\x8b,\n\xef\xbb\xbf\n!,x\n"), 422, "1:siteId:BAD_ID@4", NULL, 0},
    {"blank columns at the end", "sites", B("siteId,name,,\nS1,x,,\nS2,y,,\n"), 200, "", NULL, 0},
    {"rows with more blanks than the header", "sites", B(SITES "S1,x,,, ,\n"), 200, "", NULL, 0},
    {"a row with a value too many", "sites", B(SITES "S1,x,y\nS2,z\n"), 422, "1:-:WRONG_FIELD_COUNT@2", "3 fields", 0},
    {"a comma that was not quoted", "sites", B(SITES "S1,High Street, Hackney\n"), 422, "1:-:WRONG_FIELD_COUNT@2", "double quotes", 0},
    {"a row with a field too few", "sites", B("siteId,name,setting\nS1,x\n"), 422, "1:-:WRONG_FIELD_COUNT@2", "2 fields, the header has 3", 0},
    {"an open quote", "sites", B(SITES "S1,x\nS2,\"y\nS3,z\n"), 400, "@3", "never closed", 0},
    {"an open quote as the last byte", "sites", B(SITES "S1,\""), 400, "@2", "never closed", 0},
    {"text after a closing quote", "sites", B(SITES "S1,\"x\" y\n"), 400, "@2", "closing quote", 0},
    {"a quote within a value is text", "sites", B(SITES "S1,5\" pipe\n"), 200, "", NULL, 0},
    {"doubled quotes", "sites", B(SITES "S1,\"Jo \"\"X\"\" Ltd\"\n"), 200, "", NULL, 0},
    {"separators and apostrophes in quotes", "sites", B(SITES "S1,\"O'Neill, Sons; Co\"\n"), 200, "", NULL, 0},
    {"blanks around quotes", "sites", B(SITES " \"S1\" , \"x\" \n"), 200, "", NULL, 0},
    {"a header alone is a nil return", "sites", B(SITES), 200, "", NULL, 0},
    {"a header alone without a line end", "sites", B("siteId,name"), 200, "", NULL, 0},

    /* ---- headers ---- */
    {"another case and spaces", "sites", B("SITE ID, Name \nS1,x\n"), 200, "", NULL, 0},
    {"underscores and hyphens", "episodes", B("episode_id,client-id,LOCAL_AUTHORITY,quit date,age-at-quit-date\n" ROW "\n"), 200, "", NULL, 0},
    {"aliases, in another order", "episodes", B("Age,Date of quit,LA,Client ref,Episode number\n43,14/07/2025,Hackney,C1,E1\n"), 200, "", NULL, 0},
    {"typographic quotes, hard spaces and zero widths in names", "sites", B("\xe2\x80\x9csite\xc2\xa0id\xe2\x80\x9d,na\xe2\x80\x8bme\nS1,x\n"), 200, "", NULL, 0},
    {"an unknown column is reported, not fatal", "sites", B("siteId,name,colour\nS1,x,red\n"), 200, "~0:colour:UNKNOWN_COLUMN@1", "not read", 0},
    {"a name mistyped", "sites", B("siteId,nane\nS1,x\n"), 422, "0:name:MISSING_COLUMN@1 ~0:nane:UNKNOWN_COLUMN@1", "Did you mean name", 0},
    {"a column without a name", "sites", B("siteId,,name\nS1,z,x\n"), 200, "~0:column 2:UNKNOWN_COLUMN@1", NULL, 0},
    {"a formula as a name", "sites", B("siteId,name,=A1\nS1,x,\n"), 200, "~0:=A1:UNKNOWN_COLUMN@1", NULL, 0},
    {"an NHS number as a name is not shown", "sites", B("siteId,name,9434765919\nS1,x,\n"), 200, "~0:column 3:UNKNOWN_COLUMN@1", NULL, 0},
    {"identities are not read", "sites", B("siteId,name,NHS number,Patient name,E-mail,Home address\nS1,x,9434765919,Jo,a@b.c,1 High Street\n"), 200,
     "~0:NHS number:IDENTITY_NOT_STORED@1 ~0:Patient name:IDENTITY_NOT_STORED@1 ~0:E-mail:IDENTITY_NOT_STORED@1 ~0:Home address:IDENTITY_NOT_STORED@1", "identities stay with you", 0},
    {"a column twice", "sites", B("siteId,name,Site_ID\nS1,x,S1\n"), 422, "0:siteId:DUPLICATE@1", "second is column 3", 0},
    {"a missing column is one error, whatever the rows", "sites", B("siteId\nS1\nS2\nS3\n"), 422, "0:name:MISSING_COLUMN@1", "Add the column name", 0},
    {"a title above the header", "sites", B("Our sites, quarter 2\n\nsiteId;name\n!;x\n"), 422, "~0:-:HEADER_ASSUMED@1 1:siteId:BAD_ID@4", "on line 3", 0},
    {"a title of several lines", "sites", B("Homerton\nSites,,\n2025,Q2,\nsiteId,name\nS1,x\n"), 200, "~0:-:HEADER_ASSUMED@1", "not read", 0},
    {"no header", "sites", B("S1,x\nS2,y\n"), 422, "0:siteId:MISSING_COLUMN@1 0:name:MISSING_COLUMN@1 ~0:column 1:UNKNOWN_COLUMN@1 ~0:column 2:UNKNOWN_COLUMN@1", "none of those", 0},
    {"a wrong header explains the shape of its rows", "sites", B("a title\nS1,x\nS2,y\n"), 422, "0:siteId:MISSING_COLUMN@1 0:name:MISSING_COLUMN@1 ~0:column 1:UNKNOWN_COLUMN@1", NULL, 0},
    {"the header again among the rows", "episodes", B(HEAD "\n" ROW "\n" HEAD "\n"), 422, "2:localAuthority:UNKNOWN_CODE@3 2:quitDate:BAD_DATE@3 2:ageAtQuitDate:BAD_NUMBER@3", NULL, 0},
    {"our own column of problems goes unread", "sites", B("siteId,name,problems\nS1,x,ERROR\n"), 200, "~0:problems:UNKNOWN_COLUMN@1", NULL, 0},
    {"a web page", "sites", B("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"), 422, "0:siteId:MISSING_COLUMN@1 0:name:MISSING_COLUMN@1 ~0:column 1:UNKNOWN_COLUMN@1", NULL, 0},

    /* ---- dates ---- */
    {"day first", "episodes", QUIT_DATE("14/07/2025"), 200, "", NULL, 0},
    {"day first without zeros", "episodes", QUIT_DATE("1/7/2025"), 200, "", NULL, 0},
    {"month first", "episodes", QUIT_DATE("07/14/2025"), 422, "1:quitDate:BAD_DATE@2", "month before the day", 0},
    {"a year of two digits", "episodes", QUIT_DATE("14/07/25"), 422, "1:quitDate:BAD_DATE@2", "two digits", 0},
    {"hyphens, day first", "episodes", QUIT_DATE("14-07-2025"), 422, "1:quitDate:BAD_DATE@2", "not written as one is read", 0},
    {"full stops", "episodes", QUIT_DATE("14.07.2025"), 422, "1:quitDate:BAD_DATE@2", "not written as one is read", 0},
    {"slashes, year first", "episodes", QUIT_DATE("2025/07/14"), 422, "1:quitDate:BAD_DATE@2", "YYYY-MM-DD", 0},
    {"digits only", "episodes", QUIT_DATE("20250714"), 422, "1:quitDate:BAD_DATE@2", "is not a date", 0},
    {"a spreadsheet's number of a day", "episodes", QUIT_DATE("45852"), 422, "1:quitDate:BAD_DATE@2", "of 2025-07-14", 0},
    {"a time of day", "episodes", QUIT_DATE("2025-07-14 00:00:00"), 422, "1:quitDate:BAD_DATE@2", "time of day", 0},
    {"an instant", "episodes", QUIT_DATE("2025-07-14T09:30:00Z"), 422, "1:quitDate:BAD_DATE@2", "time of day", 0},
    {"a British time of day", "episodes", QUIT_DATE("1/7/2025 00:00"), 422, "1:quitDate:BAD_DATE@2", "time of day", 0},
    {"a month in letters", "episodes", QUIT_DATE("14-Jul-2025"), 422, "1:quitDate:BAD_DATE@2", "month in letters", 0},
    {"a day that does not exist", "episodes", QUIT_DATE("31/09/2025"), 422, "1:quitDate:BAD_DATE@2", "exists", 0},
    {"29 February of no leap year", "episodes", PLUS("dateOfBirth", "29/02/1981"), 422, "1:dateOfBirth:BAD_DATE@2", "The value", 0},
    {"a number of a day that is private is not shown as a date", "episodes", PLUS("dateOfBirth", "29952"), 422, "1:dateOfBirth:BAD_DATE@2", "The value is a spreadsheet's number of a day, not a date", 0},
    {"the day before the period", "episodes", QUIT_DATE("2025-06-30"), 422, "1:quitDate:OUTSIDE_PERIOD@2", "2025-26-Q1", 0},
    {"the day after the period", "episodes", QUIT_DATE("01/10/2025"), 422, "1:quitDate:OUTSIDE_PERIOD@2", "2025-26-Q3", 0},
    {"a follow-up after today", "episodes", B(HEAD ",outcome4w,followUp4wDate\n" ROW ",1,2026-02-21\n"), 422, "1:followUp4wDate:OUT_OF_RANGE@2", "after today", 0},
    {"hard spaces around a date", "episodes", QUIT_DATE("\xc2\xa0" "2025-07-14\xc2\xa0"), 200, "", NULL, 0},
    {"zero widths around a date", "episodes", QUIT_DATE("\xe2\x80\x8e" "2025-07-14\xe2\x80\x8b"), 200, "", NULL, 0},
    {"a zero width within a date", "episodes", QUIT_DATE("2025-07\xe2\x80\x8b-14"), 422, "1:quitDate:BAD_DATE@2", "no width", 0},
    {"a date as a formula's text", "episodes", QUIT_DATE("=\"2025-07-14\""), 200, "~1:quitDate:CODE_PADDED@2", NULL, 0},
    {"a formula", "episodes", QUIT_DATE("=TODAY()"), 422, "1:quitDate:BAD_DATE@2", "formula", 0},
    {"#REF!", "episodes", QUIT_DATE("#REF!"), 422, "1:quitDate:BAD_DATE@2", "no longer there", 0},
    {"a column too narrow", "episodes", QUIT_DATE("########"), 422, "1:quitDate:BAD_DATE@2", "too narrow", 0},
    {"a blank required date", "episodes", QUIT_DATE(""), 422, "1:quitDate:MISSING_VALUE@2", "is blank", 0},

    /* ---- codes ---- */
    {"a lost leading zero that the list makes certain", "episodes", PLUS("nssec", "8"), 200, "~1:nssec:CODE_PADDED@2", "read as 08", 0},
    {"a code as a formula's text", "episodes", PLUS("nssec", "=\"08\""), 200, "~1:nssec:CODE_PADDED@2", "without = and quotes", 0},
    {"a label", "episodes", PLUS("nssec", "routine and manual"), 200, "", NULL, 0},
    {"#N/A", "episodes", PLUS("nssec", "#N/A"), 422, "1:nssec:UNKNOWN_CODE@2", "looked a value up", 0},
    {"typographic quotes around a code", "episodes", PLUS("nssec", "\xe2\x80\x98" "08\xe2\x80\x99"), 422, "1:nssec:UNKNOWN_CODE@2", "typographic quotes", 0},
    {"a code of no list", "episodes", PLUS("gender", "9"), 422, "1:gender:UNKNOWN_CODE@2", "Write one of", 0},
    {"99 is no ethnic category", "episodes", PLUS("ethnicCategory", "99"), 422, "1:ethnicCategory:UNKNOWN_CODE@2", "not valid", 0},
    {"a code of another year's list", "episodes", PLUS("interventionType", "04"), 422, "1:interventionType:CODE_NOT_VALID_IN_PERIOD@2", "until 2024-03-31", 0},
    {"an authority by name", "episodes", AUTHORITY("hackney"), 200, "", NULL, 0},
    {"an authority mistyped", "episodes", AUTHORITY("Hackny"), 422, "1:localAuthority:UNKNOWN_CODE@2", "E09000012 (Hackney)", 0},
    {"a district is no responsible authority", "episodes", AUTHORITY("E07000008"), 422, "1:localAuthority:UNKNOWN_CODE@2", NULL, 0},
    {"words of a list, one of them unknown", "episodes", PLUS("longTermConditions", "COPD;flu"), 422, "1:longTermConditions:UNKNOWN_CODE@2", "\"flu\"", 0},
    {"flags of all kinds", "episodes", B(HEAD ",pregnant,homeless,swapToStop\n" ROW ",yes,FALSE,1\n"), 200, "", NULL, 0},
    {"a flag that is none", "episodes", PLUS("homeless", "maybe"), 422, "1:homeless:BAD_FLAG@2", "Y or N", 0},

    /* ---- numbers ---- */
    {"a number shortened", "episodes", AGE("1.2E+05"), 422, "1:ageAtQuitDate:BAD_NUMBER@2", "shortened", 0},
    {"a decimal", "episodes", AGE("43.0"), 422, "1:ageAtQuitDate:BAD_NUMBER@2", "whole number", 0},
    {"words with a number", "episodes", AGE("43 years"), 422, "1:ageAtQuitDate:BAD_NUMBER@2", "whole number", 0},
    {"a division by zero", "episodes", AGE("#DIV/0!"), 422, "1:ageAtQuitDate:BAD_NUMBER@2", "divides by zero", 0},
    {"a negative number", "episodes", AGE("-1"), 422, "1:ageAtQuitDate:OUT_OF_RANGE@2", "0 to 120", 0},
    {"a number one too large", "episodes", AGE("121"), 422, "1:ageAtQuitDate:OUT_OF_RANGE@2", "0 to 120", 0},
    {"a number beyond all integers", "episodes", AGE("99999999999999999999"), 422, "1:ageAtQuitDate:OUT_OF_RANGE@2", NULL, 0},
    {"a number guarded as a download guards it", "episodes", AGE("'-1"), 422, "1:ageAtQuitDate:OUT_OF_RANGE@2", NULL, 0},
    {"digits of another script", "episodes", AGE("\xd9\xa4\xd9\xa3"), 422, "1:ageAtQuitDate:BAD_NUMBER@2", NULL, 0},
    {"a bad date of birth explains the blank age", "episodes", B(HEAD ",dateOfBirth\nE1,C1,E09000012,2025-07-14,,x\n"), 422, "1:dateOfBirth:BAD_DATE@2", NULL, 0},
    {"born after the quit date", "episodes", B(HEAD ",dateOfBirth\nE1,C1,E09000012,2025-07-14,,2025-08-01\n"), 422, "1:dateOfBirth:OUT_OF_RANGE@2", NULL, 0},
    {"more answered than received", "contacts", B("month,callsReceived,callsAnsweredFirstTime\n2025-07,10,11\n"), 422, "1:callsAnsweredFirstTime:INCONSISTENT@2", "more than", 0},
    {"a month of another period", "contacts", B("month,callsReceived,callsAnsweredFirstTime\n2025-06,10,9\n"), 422, "1:month:OUTSIDE_PERIOD@2", NULL, 0},
    {"a month as a spreadsheet shows it", "contacts", B("month,callsReceived,callsAnsweredFirstTime\nJul-25,10,9\n"), 422, "1:month:BAD_DATE@2", "YYYY-MM", 0},

    /* ---- ids and texts ---- */
    {"an id with a space", "episodes", EPISODE("E 1"), 422, "1:episodeId:BAD_ID@2", "1 to 64", 0},
    {"an id with a hard space", "episodes", EPISODE("E\xc2\xa0" "1"), 422, "1:episodeId:BAD_ID@2", "non-breaking", 0},
    {"an id shortened to a power", "episodes", EPISODE("1.2E+05"), 422, "1:episodeId:BAD_ID@2", "shortened", 0},
    {"an id that is a formula", "episodes", EPISODE("=HYPERLINK(1)"), 422, "1:episodeId:BAD_ID@2", "formula", 0},
    {"a formula guarded is not read as its text", "episodes", EPISODE("'=\"001\""), 422, "1:episodeId:BAD_ID@2", NULL, 0},
    {"an id as a formula's text", "episodes", EPISODE("=\"001\""), 200, "~1:episodeId:CODE_PADDED@2", "001", 0},
    {"an id of 65", "episodes", EPISODE("0123456789012345678901234567890123456789012345678901234567890123X"), 422, "1:episodeId:BAD_ID@2", "65 characters", 0},
    {"an id with markup", "episodes", EPISODE("<script>"), 422, "1:episodeId:BAD_ID@2", NULL, 0},
    {"an id with a quote of SQL", "episodes", EPISODE("E1';--"), 422, "1:episodeId:BAD_ID@2", NULL, 0},
    {"an id with text turned round", "episodes", EPISODE("E\xe2\x80\xae" "1"), 422, "1:episodeId:BAD_ID@2", NULL, 0},
    {"the same id twice", "episodes", B(HEAD "\n" ROW "\nE2,C2,E09000012,2025-07-14,43\nE1,C3,E09000012,2025-07-15,43\n"), 422, "3:episodeId:DUPLICATE@4", "Row 1", 0},
    {"ids in another case are others", "episodes", B(HEAD "\n" ROW "\ne1,C2,E09000012,2025-07-14,43\n"), 200, "", NULL, 0},
    {"NHS numbers as pseudonyms", "episodes", B(HEAD "\nE1,9434765919,E09000012,2025-07-14,43\nE2,9434765870,E09000012,2025-07-15,44\n"), 422, "1:clientId:NHS_NUMBER_NOT_ALLOWED@2 2:clientId:NHS_NUMBER_NOT_ALLOWED@3", "pseudonym", 0},
    {"a row without its id and without its client", "episodes", B(HEAD "\n,,E09000012,2025-07-14,43\n"), 422, "1:episodeId:MISSING_VALUE@2 1:clientId:MISSING_VALUE@2", NULL, 0},
    {"a follow-up of nobody", "follow-ups", B("episodeId,stage,date,outcome\nNOBODY,4W,2025-08-11,1\n"), 422, "1:episodeId:UNKNOWN_EPISODE@2", NULL, 0},
    {"an error of a spreadsheet in a text", "sites", B(SITES "S1,#REF!\n"), 200, "~1:name:SPREADSHEET_RESIDUE@2", "no longer there", 0},
    {"a text shortened", "sites", B(SITES "S1,4.4E+09\n"), 200, "~1:name:SPREADSHEET_RESIDUE@2", "shortened", 0},
    {"a text that begins with an apostrophe and an equals sign", "sites", B(SITES "S1,'=1+1\n"), 200, "", NULL, 0},
    {"a postcode that is none is not shown", "sites", B("siteId,name,postcode\nS1,x,12345\n"), 422, "1:postcode:UNKNOWN_CODE@2", "The value", 0},

    /* ---- JSON ---- */
    {"JSON", "episodes", B("{\"rows\":[" JSON_ROW "}]}"), 200, "", NULL, 0},
    {"JSON with a BOM", "episodes", B("\xef\xbb\xbf{\"rows\":[]}"), 200, "", NULL, 0},
    {"JSON in UTF-16", "episodes", B("{\"rows\":[]}"), 400, "@1", "UTF-8", AS_UTF16_LE},
    {"JSON that is not UTF-8", "episodes", B("{\"rows\":[\n{\"site\":\"\xe9\"}]}"), 400, "@2", "0xE9", 0},
    {"JSON that ends", "episodes", B("{\"rows\":[\n"), 400, "@2", NULL, 0},
    {"a comma too many", "episodes", B("{\"rows\":[\n" JSON_ROW "},\n]}"), 400, "@3", NULL, 0},
    {"a repeated key", "episodes", B("{\"rows\":[\n{\"episodeId\":\"a\",\n\"episodeId\":\"b\"}]}"), 400, "@3", "twice", 0},
    {"text after the end", "episodes", B("{\"rows\":[]}\nx"), 400, "@2", "follows the end", 0},
    {"NaN", "episodes", B("{\"rows\":[" JSON_ROW ",\"co4wPpm\":NaN}]}"), 400, "@1", NULL, 0},
    {"a lone surrogate", "episodes", B("{\"rows\":[" JSON_ROW ",\"site\":\"\\ud800\"}]}"), 400, "@1", NULL, 0},
    {"nesting over 32", "episodes", B("{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"), 400, "@1", "deep", 0},
    {"no rows", "episodes", B("{}"), 422, "0:rows:MISSING_VALUE@1", "no property rows", 0},
    {"rows that are no array", "episodes", B("{\"rows\":{}}"), 422, "0:rows:WRONG_TYPE@1", NULL, 0},
    {"a row that is no object", "episodes", B("{\"rows\":[\n1]}"), 422, "1:-:WRONG_TYPE@2", NULL, 0},
    {"a property that is unknown", "episodes", B("{\"rows\":[" JSON_ROW ",\"colour\":1}]}"), 200, "~0:colour:UNKNOWN_COLUMN@1", NULL, 0},
    {"a number where a date belongs", "episodes", B("{\"rows\":[{\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":20250714,\"ageAtQuitDate\":43}]}"), 422, "1:quitDate:WRONG_TYPE@1", "\"2025-07-14\"", 0},
    {"a British date in JSON", "episodes", B("{\"rows\":[{\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"14/07/2025\",\"ageAtQuitDate\":43}]}"), 422, "1:quitDate:BAD_DATE@1", "YYYY-MM-DD", 0},
    {"a number too large for all", "episodes", B("{\"rows\":[" JSON_ROW ",\"co4wPpm\":1e400}]}"), 422, "1:co4wPpm:OUT_OF_RANGE@1", NULL, 0},
    {"a lost zero in a JSON string", "episodes", B("{\"rows\":[" JSON_ROW ",\"nssec\":\"8\"}]}"), 200, "~1:nssec:CODE_PADDED@1", NULL, 0},
    {"a number where a code with zeros belongs", "episodes", B("{\"rows\":[" JSON_ROW ",\"nssec\":8}]}"), 422, "1:nssec:WRONG_TYPE@1", "a string", 0},
    {"true is a flag", "episodes", B("{\"rows\":[" JSON_ROW ",\"homeless\":true,\"pregnant\":null}]}"), 200, "", NULL, 0},
};
const size_t hostile_count = sizeof hostile_files / sizeof *hostile_files;
/* clang-format on */

bool hostile_is_json(const struct hostile *h) {
    str text = h->body;
    if (str_starts_with(text, STR("\xef\xbb\xbf"))) text = str_sub(text, 3, text.n);
    return text.n && text.p[0] == '{';
}

void hostile_bytes(const struct hostile *h, struct buf *out) {
    bool le = h->as != AS_UTF16_BE;
    if (h->as == AS_IT_IS) {
        buf_add_str(out, h->body);
        return;
    }
    if (h->as == AS_UTF16_LE || h->as == AS_UTF16_CUT_SHORT) buf_add(out, "\xff\xfe", 2);
    if (h->as == AS_UTF16_BE) buf_add(out, "\xfe\xff", 2);
    if (h->as == AS_UTF32_LE) buf_add(out, "\xff\xfe\0\0", 4);
    for (size_t i = 0; i < h->body.n; i++) {
        buf_add_char(out, le ? h->body.p[i] : '\0');
        buf_add_char(out, le ? '\0' : h->body.p[i]);
        if (h->as == AS_UTF32_LE) buf_add(out, "\0\0", 2);
    }
    if (h->as == AS_UTF16_CUT_SHORT) out->n--;
}
