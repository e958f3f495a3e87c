# failures.awk LOG: the failed tests of a run, each with its first failed assertion, as CUnit prints them ("Suite:", "Test:", FAILED and a
# numbered list; the test may have said something in between) and as the contract tests do ("not ok").
/^Suite: / { suite = substr($0, 8) }
/^  Test: / {
    test = $0
    sub(/^  Test: /, "", test)
    sub(/ \.\.\..*/, "", test)
    wanted = 0
}
/passed$/ { test = "" }
/FAILED$/ && test != "" {
    print suite ": " test
    wanted = 1
    next
}
wanted && /^ +[0-9]+\. / {
    sub(/^ +[0-9]+\. +/, "")
    print "  " $0
    wanted = 0
}
/^WARNING - Suite (init|clean)/
/^not ok /
