/*
 * What words of financial headlines mean for the price of what they are about, in our own judgement: a list a line, by
 * strength. Verbs are written once and bent by rule; forms that no rule makes stand beside them.
 */

/** Verbs that say something went up: good for a price or a profit, bad for a debt or a cost. */
export const UP_VERBS = `
rise rose risen jump climb gain soar surge rally rallied advance increase grow grew grown expand zoom rebound
bounce recover spike leap skyrocket accelerate appreciate strengthen edge-up inch-up shoot-up move-up go-up
tick-up double triple quadruple widen-up pick-up picks-up turn-up push-up boost lift uptick upswing upsurge
quicken hit-high rocket vault bound perk-up buoy`;

/** Verbs that say something went down. */
export const DOWN_VERBS = `
fall fell fallen drop decline slip slide slid plunge tumble dip sink sank sunk crash slump shed plummet nosedive
dive decrease shrink shrank shrunk weaken ease retreat lose lost crack tank dwindle slow slowed depreciate halve
edge-down inch-down move-down go-down tick-down turn-down downtick downturn downswing skid slacken subside
collapse crumble stumble wane recede erode soften ebb taper sag swoon wilt tail-off come-off`;

/** Up or down with nothing more to it; strong only beside a number or a market word. */
export const UP_WORDS = 'up higher above upward upwards';
export const DOWN_WORDS = 'down lower below downward downwards';

/** What is bad news when it grows and good news when it shrinks. */
export const BURDENS = `
loss losses debt debts cost costs expense expenses npa npas default defaults deficit deficits inflation unemployment
jobless layoffs provision provisions provisioning stress slippages delinquencies delinquency volatility vix fears fear worries worry
concern concerns risk risks tension tensions uncertainty tax taxes duty tariff tariffs levy penalty fine liabilities
liability arrears dues overdue inventories inventory stockpile stockpiles bankruptcies foreclosures claims yields
yield premium-rates wpi cpi cad burden borrowings leverage pledge pledged shortfall writeoffs write-offs bad-loans
interest-rate interest-rates repo-rate lending-rates crr selloff sell-off outflow outflows redemption redemptions
complaints attrition churn pressure headwinds`;

/** Good whoever it is said of. */
export const GOOD = `
profit profits profitable profitability beat beats outperform outperforms outperformed outperformer
outperformance upgrade upgraded upgrades bullish bull bulls optimistic optimism upbeat positive robust strong
stronger strongest strength healthy solid stellar impressive best improve improves improved improving win wins
won winner winners bag bags bagged secured clinch clinches award awards awarded expansion boom booming bonanza
breakthrough success successful attractive undervalued cheap promising favourable favorable upside multibagger
multibaggers bonus buyback buybacks reward rewards rewarding surplus inflow inflows confident cheer cheers
cheered boost boosts boosted lucrative momentum turnaround revival revive revives rebound rally relief
accumulate overweight benefits benefitted gainer gainers exceed exceeds exceeded surpass surpasses surpassed
outpace outpaces resilient resilience stabilise stabilises stabilize growing gains lucky blockbuster bumper
brisk buoyant comfortable comfortably thumbs-up efficient oversubscribed upgrade-to-buy shine shines sparkle
sparkles shining sweet sizzle sizzles glitter glitters preferred prefer prefers upside-potential outshine
outshines breakout upmove uptrend upturn rosy golden lap-up pumps infuses infuse resolve resolved exempted
award-win bullishness brighten brightens bright reaffirms reaffirm reaffirmed affirms outperforming fresh-high
undeterred doubling strengthens rescue regain regains regained reclaim reclaims reclaimed recoup recoups
bottom-out bottomed attract attracts soaring rallying thrive thrives flourish turns-black`;

/** Bad whoever it is said of. */
export const BAD = `
loss losses miss misses missed underperform underperforms underperformed underperformer downgrade downgrades
downgraded bearish bear pessimistic pessimism negative weak weaker weakest weakness poor worse worst worsen
worsens worsened dismal disappoint disappoints disappointed disappointing disappointment bleak gloomy gloom grim
dull lacklustre lackluster sluggish tepid muted subdued fear fears worry worries worried worrying concern
concerns concerned risky warn warns warned warning threat threaten threatens threatened crisis turmoil trouble
troubled troubles woes woe distress distressed stressed bankrupt bankruptcy insolvent insolvency default
defaults defaulted fraud scam scandal probed investigate raid raids raided arrest arrested accused accuses
lawsuit sue sues sued penalty penalties penalise fines ban bans banned barred reject rejects rejected refuses
delays delayed defers suspends suspension halt halts halted shutdown closure layoff layoffs lay-off sack sacks
sacked exited protest hit hits hurt hurts hurting dent dents dented damage damaged suffer suffers suffered
struggle struggles struggling dump dumps dumped panic jitters jittery nervous nervousness anxiety uncertainty
uncertain volatile volatility pressure pressured drag drags weigh weighs weighed headwind headwinds burden
slowdown slowing recession contraction glut oversupply overvalued expensive bubble crash correction rout
bloodbath carnage meltdown mayhem massacre slump deficit shortage shortfall crunch squeeze outflow outflows
underweight avoid cautions cautioned vulnerable unattractive downside downtrend downmove laggard laggards loser
losers lag lags lagged lagging sour souring spooks spook spooked rattle rattles rattled trap fail fails failed
failure failing collapse delist delisted downbeat breach breaches violated violation violations irregularities
evasion npa npas bad-loan bad-loans writedown write-off write-down writeoff impairment dilution overhang
sanction sanctions tension tensions war attacks terror blow setback setbacks hurdle hurdles snag stall stalls
stalled scrap scraps scrapped cancel cancels cancelled canceled unrest turbulence dampen dampens dampened deter
deters sceptical skeptical doubt doubts denies-approval wipe wipes wiped erase erases erased eroded erosion
bleed bleeds bleeding lose loses losing lost dearer costlier liquidation default-risk headache tough grapple
grapples woeful slippage plagued choppy rough painful pain toxic tainted flee worried-about contagion depressed
deteriorate deteriorates deteriorating deterioration degrow pulls-out pull-out stuck sluggishness flat-out
freeze frozen seized exodus retrench sob impasse`;

/** Good, and by themselves too little to move a price. */
export const RATHER_GOOD = `
buy nod approval approvals approve approves approved clearance dividend dividends growth demand hope hopes support
supports supported confidence opportunity opportunities recovery better good acquire acquires acquired partnership stable
benefit benefits potential subscribed green strategic improvement safe comfortable favour favours consider considers
recommend recommends recommended like likes excellent interesting reasonable reasonably promising high highs hike hikes raises
peak traction secure secures premium poised bonus`;

/** Bad, and by themselves too little to move a price. */
export const RATHER_BAD = `
risk risks stress delay delays delayed defer deferred exit exits strike strikes dispute selling sell selloff sell-off
low lows caution cautious suspend suspended withdraw withdraws litigation probe probes investigation red shut shuts
refuse refuses difficult hard cut cuts slash slashes slashed lowers lowered discount soft limited shaky edge tests unexciting
trims pares drag drags loosen bite bites spar away`;

/** What follows is why: it says less than what it explains. */
export const REASONS = 'on as after over due following because since amid from by';

/** Those who watch or judge; a headline about what they do is rarely about a price. */
export const WATCHERS = `
sebi rbi fmc irdai pfrda sec fca cftc finra esma ecb fed fomc boj boe commission ministry minister govt government parliament
court tribunal cci fipb fm cabinet norms panel exchange bourses`;

/** Words that turn the next ones around. */
export const NEGATIONS = `
no not never without neither nor cannot can't won't doesn't don't didn't isn't wasn't aren't hardly barely
unlikely fails-to fail-to failed-to unable denies deny denied rules-out ruled-out rule-out refutes avert averts
averted avoids averting defy defies shrug-off shrugs-off shrugging-off nothing limited-scope allay allays dispel
arrest-fall overcome overcomes`;

/** Words that make the next one more, or less. */
export const STRONGLY = `
sharply sharp steep steeply massive massively huge hugely heavy heavily strongly significantly substantially
dramatically deep biggest largest steepest freely multi-year`;
export const SLIGHTLY = `
slightly marginally marginal modest modestly mildly mild somewhat little bit moderately gradually partly
partially may might could likely`;

/** After these stands what is not the point of the headline: `X gains despite weak exports`. */
export const ASIDES = 'despite amid even-as though although notwithstanding in-spite-of ahead-of';
