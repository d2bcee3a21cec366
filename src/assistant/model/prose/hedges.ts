/** A clause that asks, supposes or speaks of any time is not about what is so now. */
const supposes =
  /如果|若(?!干)|要是|假如|假设|万一|一旦|除非|只要|倘若|等(?!级|于|等|了)|的话|了就|遇到|碰到|(?<!小)时$|的时候|每次|每当|凡是|是否|有没有|是不是|会不会|要不要|能不能|可不可以|[吗么?？]\s*$|(?<![着在还正没].{0,6})呢\s*$/;
const usual = /一般|通常|往往|常见|多半|可能|也许|或许|比如|例如|大多|容易|难免/;
/** What is wished, advised, asked for, or cannot be. */
const wishes =
  /可以|能(?!看)|需|应该|应当|必须|务必|建议|最好|请|先|再|想|希望|打算|准备|怎么|怎样|如何|为什么|哪|谁|什么|多少|几(?!单|张|笔|家|个)|避免|防止|免得|以免|确认|检查|看看|别|不要|不用|无法|没法|没办法|会|要|用来|负责|支持|关于|取决/;
/** Words that hold one of those and are none. */
const noWish =
  /(?:可以|能|请|尽可|大可)?放心|主要|重要|会计|先生|再次|能量|需求|要求|简要|机会|社会|先前|原先|首先|分别|特别|别的|[这那一]会儿/g;
/** Of the one speaking, what it can and knows, and of the talk itself. */
const onTheTalk =
  /没有?查|不在我这|我这[里边儿]?(?:不|没|只)|范围|有[一两三四几]?[种个]?(?:办法|方式|方法|处理方式)|随时|是问|一(.)一\1|不知道|不清楚|不确定|不敢|不好说|说不准|查一下|查查|查询一下|看一下|发我|告诉我|给我|给个|说清|我只|我管|归我|我负责|我是|听懂|听明白|帮不上|入手|重点|优先|聊聊|讲讲|够了|就行|就好|只是|维护|就(?:去|找|看|用|点|说|问|改|是)|才是|[里上中]有|为准|(?:流程|步骤|办法|规则|意思|顺序|好处|区别|关键)是|\b(?:if|can|could|may|might|should|would|will|please|whether|how|what|which|when)\b/i;
const doneMark = /已经?|刚刚?|刚才|都|全部|均|完毕/;

/** Whether a clause claims nothing at the place where it was found to. */
export function isOpen(clause: string, found: RegExpExecArray): boolean {
  if (supposes.test(clause) || usual.test(found[0])) return true;
  const before = clause.slice(0, found.index).replace(noWish, '').slice(-10);
  return (wishes.test(before) || usual.test(before)) && !doneMark.test(found[0]);
}

/** Whether a clause as a whole wishes, asks, advises or explains. */
export function isAdvice(clause: string): boolean {
  const plain = clause.replace(noWish, '');
  return supposes.test(plain) || usual.test(plain) || wishes.test(plain) || onTheTalk.test(plain);
}

/** 「…了，要…」: what would follow makes a condition of the clause before it. */
export const follows = (next: string | undefined): boolean => /^(?:就|要|得|需|先|再|会|可以|才|那就)/.test(next ?? '');
