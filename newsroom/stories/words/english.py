# ruff: noqa: E501 - a sentence or a topic stays on one line
"""The words of the English articles; the slots are those of newsroom.stories.words.chinese."""

LISTS = {
    "lead": "In practice|Seen over the long term|In other words|At the same time|More importantly|Looking back|"
    "For the same reason|In a wider frame|To judge from our surveys|Strictly speaking|On the whole|By contrast|"
    "In the final analysis|From international experience|As far as I can observe",
    "people": "residents|companies|local officials|researchers|young people|families|entrepreneurs|social workers|"
    "community groups|scholars|market players|migrant workers",
    "verb": "improve|reshape|support|expand|consolidate|cultivate|guide|mobilize|safeguard|raise|deepen|renew",
    "noun": "the supply of institutions|the quality of governance|inner momentum|the resilience of growth|public services|"
    "the vitality of the market|the ecology of innovation|mechanisms of cooperation|the allocation of resources|"
    "social trust|long-term arrangements|the language of theory|the quality of the city|the spatial pattern|"
    "the well-being of the people|the industrial base|cultural depth|the level of openness",
    "adj": "systematic|fundamental|strategic|forward-looking|structural|gradual|patient|comprehensive|careful|differentiated|"
    "sustainable|high-quality",
    "state": "important|clear|concrete|mature|urgent|complex|tangible|stable|active|pragmatic",
    "way": "pilot projects|clear lists of duties|consultation among many parties|digital tools|common standards|"
    "measures for each case|attention to real needs|work across departments|institutional innovation|patience|"
    "respect for local conditions",
    "doubt": "whether it will last|who will pay for it|where the limits lie|whether people are satisfied|"
    "whether the grassroots can carry it|where the figures come from|whether the experience can be copied",
    "image": "a key|a mirror|a bridge|a single chessboard|a net|a relay race|a testing ground|a main thread|a long ledger",
    "time": "In recent years|Over the past five years|Since the beginning of this year|For some time|Since the autumn|"
    "Not long ago|In the early years|Since the last reform of departments",
    "judge": "may well be worth waiting for|cannot be done overnight|still holds great promise|will call for patience|"
    "must rest on details|must rest on cooperation|can go much further|should be judged by results",
}

OPENERS = """
First of all, the matter of %(t0)s does not stand alone, for it is closely tied to %(t1)s and %(t2)s and touches [noun].
[time], %(p0)s has explored many ways of dealing with %(t3)s, and what [people] feel has become more [state].
Why emphasize %(t1)s? One direct reason is that the weak points of [noun] often lie hidden in %(t4)s.
No discussion of %(t2)s can avoid %(u0)s as its premise.
During a survey in %(p1)s, what [people] talked about most was %(t5)s, and above all [doubt].
A report of %(o0)s shows that %(n0)s percent of those asked regard %(t0)s as directly related to [noun].
Where %(t6)s may be called [image], %(t7)s may be called [image].
The first point is that %(t0)s must rest on [noun] and proceed by way of [way].
The second point is to balance %(t1)s and %(t3)s, and to [verb] [noun] in a [adj] manner.
The third point is to [verb] [noun] in the field of %(t4)s, so that [people] truly take part.
Counting from %(y)s, %(p0)s has been working on %(t2)s for %(n1)s years.
Historically, every breakthrough in %(t8)s has relied on what %(t9)s had accumulated.
For a city, %(t0)s can be [image] and [image] at once.
I have always believed that the key to %(t1)s lies not in scale but in [noun].
If we look at %(p2)s, we find another approach, which begins with [way] and then seeks to [verb] [noun].
The reason why the question of %(t3)s has become so [state] is that it reaches the deeper logic of [noun].
Facing the future, the combination of %(t0)s and %(u1)s will open up new possibilities for [people].
Let me begin with a story from %(p2)s, where %(t6)s used to be nobody's business.
Many [people] ask me about %(t5)s, and their first question is usually [doubt].
It is worth asking what %(t9)s would look like without [noun].
Ten years ago hardly anyone in %(p1)s spoke of %(t4)s, and today it appears in every plan.
Theory must answer to practice, and nowhere is this clearer than in the field of %(t8)s.
At present, the work on %(t6)s is limited in three respects, namely funds, talent and [noun].
"""

FOLLOWERS = """
[lead], the work on %(t0)s still leaves much room for [noun], and that requires [way].
This is a response to %(t1)s and also a test of [noun].
The approach of %(p0)s is to take stock of %(t2)s first, and then to [verb] [noun] with %(t3)s as the point of entry.
Figures show that in %(y)s the projects related to %(t4)s in %(p1)s numbered %(n2)s, an increase of %(n3)s percent over the year before.
[lead], [people] do not care about concepts, they care about %(t5)s and [doubt].
Without %(t6)s, [noun] will easily remain on paper.
It is therefore necessary to [verb] [noun] and also to [verb] [noun], and neither can be neglected.
In the view of %(o0)s, %(t7)s can be [image] that links thousands of households.
Such a change is no accident, for behind it stand [way] and [way].
[lead], the debate on %(t8)s is moving from the question of quantity to the question of quality.
Of this, %(t0)s contributed about %(n4)s percent, while the role of %(t9)s became more [state].
A person in charge from %(p2)s said that the hardest part is not the money but bringing %(t1)s and %(t2)s together.
Only when [people] can see it and use it will %(t3)s really take root.
[lead], %(u0)s offers new tools for %(t4)s and raises new questions.
Judging from %(n5)s units in the sample, %(t5)s [judge].
The difficulty of %(t7)s lies in coordination, and so does its solution.
The sense of gain among [people] comes in the end from [noun].
This requires us to look beyond %(t8)s and to examine [noun] with a [adj] eye.
Some scholars add that %(t9)s must not only be counted in money but also in terms of [noun].
The opinions issued on the matter set a timetable for %(t0)s and name %(n6)s key tasks.
Compared with %(p1)s, the advantages of %(p0)s in %(t1)s have become more [state].
The value of %(t2)s does not stop at efficiency, it also helps to [verb] [noun].
%(o1)s has followed %(t4)s for %(n1)s years and concludes that it [judge].
[lead], the system must be stable and the steps must be solid, and %(t5)s [judge].
In this process the government should know what to do and what to leave to %(u1)s.
While we [verb] [noun], the side effects of %(u2)s must not be ignored.
Experience shows that [way] works better than spending everywhere at once.
Only if %(t7)s and %(t8)s strengthen each other can a [adj] cycle take shape.
[lead], [noun] will not arrive by itself, it has to be won step by step through %(u3)s.
The addition of %(u4)s makes the picture of %(t0)s more [state].
When I visited %(p2)s in %(y)s, the phrase I heard most often was %(t5)s, and it came from [people] themselves.
There is one detail worth telling, for %(p0)s now opens its %(t6)s to the public on the %(n7)sth day of every month.
Nearly %(n2)s thousand people took part and left %(n5)s suggestions, far more than expected.
[time], the discussion has turned from %(t2)s to %(t9)s, which is a sign of progress.
Neither %(u0)s nor %(u3)s can replace the judgement of [people].
Some would rather wait, but %(t4)s leaves little time for waiting.
What was once a matter for specialists in %(t1)s is now a matter for [people].
[lead], it takes [way] to turn %(t3)s into something that [people] can count on.
The lesson of %(p1)s is that [way] comes first and money comes second.
A survey of %(n5)s households found that %(n0)s percent knew about %(t7)s and %(n4)s percent had made use of it.
Let us not forget that [noun] took shape long before anyone spoke of %(u2)s.
The figures may look dry, yet behind each of them stand [people] and their daily lives.
As for %(t8)s, the question is less what to do than in which order to do it.
"""

CLOSERS = """
The last part of a journey is the hardest, and %(t0)s [judge].
In short, %(t0)s will be [image] that [people] have to build together.
As %(t1)s goes deeper, [noun] in %(p0)s will become more [state].
"""

HEADINGS = """
Where %(t0)s comes from
New momentum for %(t1)s
Letting %(t2)s lead %(t3)s
Three ways of looking at %(t4)s
Making up for the shortcomings of %(t5)s
What %(p0)s has learned
Bringing %(t6)s closer to the people
From %(t7)s to %(t8)s
The question raised by %(u0)s
"""

TITLES = """
Promoting %(t0)s through %(t1)s
The place of %(t0)s in the future of %(p0)s
Understanding %(t1)s through %(t0)s
Making %(t0)s a new calling card of %(p0)s
%(k)s key questions about %(t0)s
What %(t0)s tells us about governing %(p0)s
The true cost of %(t0)s
Bringing %(t0)s and %(t1)s together
The age of %(u0)s and the task of %(t0)s
A second look at %(t0)s
Lessons on %(t0)s from %(p0)s
Steady progress in %(t0)s
The institutional code behind %(t0)s
Building %(t0)s on the base of %(t1)s
How %(p0)s and %(p1)s share %(t0)s
"""

SECONDS = """
What does %(t2)s bring us?
How can %(p0)s take the lead?
Why should we value %(t3)s?
Where does the potential of %(t4)s lie?
"""

INTRODUCTIONS = """
A few days ago, %(speaker)s, %(office)s at %(o0)s, spoke at %(forum)s on the theme of "%(headline)s", and the following is an excerpt.
At %(forum)s held recently, %(speaker)s, %(office)s at %(o0)s, shared thoughts on %(t0)s, which are published here in edited form.
"""

LEDES = """
In %(month)s, a discussion about %(t0)s drew attention in %(p0)s, and %(t1)s and %(t2)s were on everyone's lips.
Reporters learned recently from %(p0)s that a new round of measures for %(t0)s has begun, with %(t1)s as its focus.
"""

BIOGRAPHIES = """
%(speaker)s, %(office)s at %(o0)s, has long studied %(topic)s and %(t0)s and is the author of "An Introduction to %(t1)s".
%(speaker)s, %(office)s at %(o0)s and visiting fellow of %(o1)s, works mainly on %(topic)s; major works include "%(t2)s and %(t3)s".
"""

NOTICE = 'Please indicate the source of the reprint as "Jianghai Observer". Violators will be held accountable in accordance with the law.'
