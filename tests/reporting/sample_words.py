"""The words of the sample report: official action texts and fictional answers, as plain data."""

COMMITMENTS = {
    "L": (
        "Leadership",
        [
            "Public commitment to being anti-racist through a public statement by senior "
            "leadership within the organisation.",
            "Provide access to sustained and consistent training for all leaders in the "
            "organisation on equality, diversity and inclusion, including training on cultural "
            "competence.",
            "Monitor and support Board representation, so that leaders better reflect the ethnic "
            "composition of the communities that they serve.",
            "Include community members in governance structures, ensure they reflect the ethnic "
            "composition of the communities, and amplify their voices in influencing decisions.",
            "Ensure tackling ethnic health inequalities through an anti-racism approach is "
            "embedded in Joint Forward Plan and other strategies and policies reviewed at Board "
            "level.",
        ],
    ),
    "W": (
        "Workforce",
        [
            "Give staff a voice - Engage staff through focus groups and surveys to gain insights "
            "beyond surveys.",
            "Monitor and act on ethnic inequities in recruitment, workforce wellbeing and "
            "promotion.",
            "Address cultural bias and discrimination by providing training and support to "
            "staff, and safe spaces for confidential conversations.",
            "Implement and monitor robust equality, diversity and inclusion policies, including "
            "anti-racist promotion and retention policies.",
            "Monitor and act on disparities in pay between different ethnic groups amongst "
            "employees of the same grades.",
        ],
    ),
    "E": (
        "Health equity focused programmes and service delivery",
        [
            "Embed an anti-racist lens on health equity programmes such as Core20P5, Marmot "
            "framework.",
            "Data-led insights to prioritise areas of work with community groups that will "
            "improve health, healthcare access and experience.",
            "Develop and deliver integrated and personalised care that is culturally sensitive "
            "using methods such as service co-location, case management, and patient "
            "collaboration or personalised care.",
            "Work with communities to ensure services and messages are designed and delivered in "
            "a culturally sensitive way.",
            "Support community groups from ethnic minority communities to engage effectively in "
            "procurement and commissioning processes.",
        ],
    ),
    "A": (
        "Wider determinants and anchors",
        [
            "Commitment for ICS, constituent organisations and contracted organisations to "
            "becoming anchor institutions.",
            "Commitment for ICS, constituent organisations and contracted organisations to pay "
            "at least a London living wage.",
            "Provide and support education and employment opportunities to reduce structural "
            "determinants of ethnic health inequalities for the local ethnic minority "
            "populations.",
            "Work with local communities, community organisations and constituent organisations "
            "to tackle wider determinants of health for local ethnic minority groups such as "
            "improving access to quality housing and social protection measures.",
            "Advocate for anti-racism approach in non-health sector partnership work.",
        ],
    ),
    "C": (
        "Communities",
        [
            "Include community voice in decisions, design, and delivery of services through "
            "participation in governance, funding and integrated delivery structures.",
            "Consider power dynamics when engaging with and developing partnerships with ethnic "
            "minority communities, embedding shared decision making wherever possible.",
            "Employ co-production principles wherever possible.",
            "Provide community groups with resources – sustained funding and training to allow "
            "meaningful participation.",
            "Embed participatory approaches to learning, improvement, and evaluation of services.",
        ],
    ),
}

LEVELS = ["Not started", "Committed", "Under way", "Embedded", "Making a difference"]
SYMBOLS = ["○", "◔", "◑", "◕", "●"]

# Self-assessed levels over three cycles, one row an action; None is "not assessed".
HISTORY = {
    "L1": (1, 2, 3), "L2": (1, 1, 2), "L3": (0, 1, 1), "L4": (1, 2, 1), "L5": (2, 2, 3),
    "W1": (2, 3, 3), "W2": (1, 2, 2), "W3": (1, 2, 2), "W4": (1, 1, 2), "W5": (None, 0, 0),
    "E1": (1, 1, 2), "E2": (2, 3, 4), "E3": (1, 2, 2), "E4": (2, 2, 3), "E5": (0, 1, 1),
    "A1": (1, 2, 2), "A2": (2, 1, 1), "A3": (1, 2, 3), "A4": (None, None, 1), "A5": (0, 0, None),
    "C1": (1, 2, 2), "C2": (1, 1, 1), "C3": (1, 2, 2), "C4": (2, 3, 2), "C5": (1, 1, 2),
}  # fmt: skip

NARRATIVES = [
    "The statement was agreed in public session and is on the front page of all seven partner "
    "websites. It names racism, not only disadvantage, and says what we will stop doing. Staff "
    "networks helped to write it. Two of our five trusts have yet to repeat it to their own staff, "
    "and Bangladeshi and Somali residents told us that they had never heard of it.",
    "Half of the executive posts have completed the two-day programme led by people with "
    "experience of racism in our services. Non-executive members and primary care network leaders "
    "have not been offered it. Nobody has yet tested whether what was learnt changed a decision, "
    "which is the only measure our community panel said it would believe.",
    "Bank and agency staff, most of whom are Black African or Filipino, are missing from every "
    "figure we hold. Of 212 formal disciplinary cases last year, Black staff were 1.6 times as "
    "likely to be taken through one as White staff (95% confidence interval 1.2 to 2.1). The "
    "triage step before a case is opened is in place at three trusts and has halved referrals "
    "there.",
    "Blood pressure checks moved to two mosques, a gurdwara and a Ghanaian church hall. The share "
    "of Black Caribbean adults with controlled blood pressure rose from 58% in March 2025 to 65% "
    "in March 2026, while it stayed at 71% among White British adults. The work depends on a "
    "grant that ends in nine months, and Gypsy and Irish Traveller families were not reached.",
    "Contracts now ask for the London living wage, but cleaning and portering at one site were "
    "let before that clause and run until 2028. About 340 people, nearly all of them from ethnic "
    "minority groups, are still paid less. Buying them out would cost £410,000 a year, and the "
    "Board has not yet been asked.",
    "The community panel has nine members, paid for their time, two of whom sit on the "
    "commissioning committee with a vote. Its own review says that papers arrive too late and in "
    "language nobody uses at home, and that a vote among fourteen is not power. We agree, and "
    "have not put it right.",
]

IN_OTHER_WORDS = [
    ("ar", "Arabic", "العنصرية تضر بالصحة، ونحن مسؤولون عن تغيير ذلك."),
    ("ur", "Urdu", "ہم نسل پرستی کے خلاف کھڑے ہیں اور اس کا جواب دیں گے۔"),
    ("he", "Hebrew", "הגזענות פוגעת בבריאות, והתיקון הוא באחריותנו."),
    ("bn", "Bengali", "বর্ণবাদ স্বাস্থ্যের ক্ষতি করে; পরিবর্তনের দায়িত্ব আমাদের।"),
    ("pa", "Punjabi", "ਨਸਲਵਾਦ ਸਿਹਤ ਨੂੰ ਨੁਕਸਾਨ ਪਹੁੰਚਾਉਂਦਾ ਹੈ।"),
    ("gu", "Gujarati", "જાતિવાદ આરોગ્યને નુકસાન કરે છે."),
    ("ta", "Tamil", "இனவெறி உடல்நலத்தைப் பாதிக்கிறது."),
    ("hi", "Hindi", "नस्लवाद स्वास्थ्य को नुकसान पहुँचाता है।"),
    ("am", "Amharic", "ዘረኝነት ጤናን ይጎዳል።"),
    ("th", "Thai", "การเหยียดเชื้อชาติทำร้ายสุขภาพ"),
    ("zh", "Chinese", "种族主义损害健康，改变它是我们的责任。"),
    ("ja", "Japanese", "人種差別は健康を損ないます。"),
    ("ko", "Korean", "인종 차별은 건강을 해칩니다."),
    ("so", "Somali", "Cunsuriyaddu waxay dhaawacdaa caafimaadka."),
    ("yo", "Yoruba", "Ẹ̀tanú ẹ̀yà ń ba ìlera jẹ́."),
    ("vi", "Vietnamese", "Phân biệt chủng tộc gây hại cho sức khỏe."),
    ("pl", "Polish", "Rasizm szkodzi zdrowiu – to nasza odpowiedzialność."),
    ("en", "Signs", "✓ agreed 🙂 → ▲ 2 ▼ 1 · ½ ≥ 95% · £410,000 · 🧿 has no shape in our fonts"),
    (
        "en",
        "Marks",
        "Combining: e\u0301 n\u0303 a\u0323\u0302 · alone: \u0301 · unassigned: \u0378",
    ),
]

STEPS = [
    ("L3", "Publish the ethnic composition of all Boards beside that of residents", "ICB Chair",
     "30 April 2027", "None needed", "on_track"),
    ("L4", "Send panel members papers ten days before, in plain words", "Board Secretary",
     "31 January 2027", "£6,000", "late"),
    ("W5", "Run the first pay audit by ethnic group and grade, agency staff included",
     "Chief People Officer", "30 June 2027", "£40,000, health inequalities fund", "not_started"),
    ("A2", "Bring a paper on buying out the portering contract", "", "", "", "off_track"),
    ("A4", "Agree a damp and mould referral with three housing associations",
     "Director of Public Health", "31 May 2027", "1.5 posts", "at_risk"),
    ("C4", "Make the panel's grant a three-year agreement", "Chief Finance Officer",
     "31 March 2027", "£180,000 a year", "at_risk"),
    ("E2", "Extend blood pressure checks to Traveller sites", "Long-term conditions lead",
     "30 September 2027", "£25,000", "on_track"),
    ("E5", "Pay three small organisations to bid, whether or not they win", "Procurement lead",
     "28 February 2027", "£15,000", "done"),
]  # fmt: skip

STATUS = {
    "done": "✓ Done", "on_track": "● On track", "at_risk": "▲ At risk", "off_track": "■ Off track",
    "not_started": "○ Not started", "late": "◆ Overdue",
}  # fmt: skip
