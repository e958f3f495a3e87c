/* The test files in the order of running: unit, database, HTTP. One line a file; `make test` and the runner's argument
 * (a prefix such as "http") choose by the names that the files give their suites. */
/* clang-format off */
#define SUITE_FILES(X) \
    X(base)
/* clang-format on */
