# A plot of bench/growth.tsv as SVG: the metrics named in `metrics` (with spaces between) over the episodes stored, on a scale of powers of ten; each point its
# median, each upright its least and most. `title` stands above.

function x_of(size) { return left + (log(size) - log(first)) / (log(last) - log(first)) * width }
function y_of(ms) { return top + height - ms / highest * height }
function grouped(n,   text) {
    text = sprintf("%d", n)
    while (match(text, /[0-9][0-9][0-9][0-9]($|,)/)) text = substr(text, 1, RSTART) "," substr(text, RSTART + 1)
    return text
}
# A round number not below n that four parts divide well.
function round_up(n,   unit, i, count, steps) {
    unit = 10 ^ int(log(n) / log(10) - (n < 1))
    count = split("1 1.2 1.6 2 2.4 3.2 4 6 8 10", steps, " ")
    for (i = 1; i < count && steps[i] * unit < n; i++) continue
    return steps[i] * unit
}

BEGIN {
    FS = "\t"
    count = split(metrics, names, " ")
    left = 70; top = 50; width = 480; height = 220
    split("#1f5fa8 #b3541e #2f7d4f", colours, " ")
    said["upload"] = "to the receipt"; said["kept"] = "kept"; said["changed"] = "after a change"; said["anew"] = "counted anew"
}
/^#/ { next }
{
    for (i = 1; i <= count; i++) if ($1 == names[i]) {
        points[i]++
        size[i, points[i]] = $2; median[i, points[i]] = 1000 * $3; least[i, points[i]] = 1000 * $4; most[i, points[i]] = 1000 * $5
        if (!first || $2 < first) first = $2
        if ($2 > last) last = $2
        if (1000 * $5 > highest) highest = 1000 * $5
    }
}
END {
    highest = round_up(highest)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 330\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n"
    printf "<title>%s</title>\n<rect width=\"700\" height=\"330\" fill=\"#ffffff\"/>\n", title
    printf "<text x=\"%d\" y=\"26\" font-size=\"15\" fill=\"#222222\">%s</text>\n", left, title
    for (i = 0; i <= 4; i++) {
        y = y_of(highest * i / 4)
        printf "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555555\">%g</text>\n", left, y, left + width, left - 8, y + 4, highest * i / 4
    }
    for (j = 1; j <= points[1]; j++)
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%s</text>\n", x_of(size[1, j]), top + height + 22, grouped(size[1, j])
    printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">episodes stored</text>\n", left + width / 2, top + height + 46
    for (i = 1; i <= count; i++) {
        path = ""
        for (j = 1; j <= points[i]; j++) {
            x = x_of(size[i, j])
            path = path sprintf("%s%.1f %.1f", j == 1 ? "M" : "L", x, y_of(median[i, j]))
            printf "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" stroke-opacity=\"0.4\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", \
                x, y_of(least[i, j]), y_of(most[i, j]), colours[i], x, y_of(median[i, j]), colours[i]
        }
        printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, colours[i]
        printf "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", left + width + 6, y_of(median[i, points[i]]) + 4, colours[i], said[names[i]]
    }
    print "</svg>"
}
