"""Variants of characters, each with its common form: by the common form it is found (RR-4, CS-4).

Selectors (IVS) and compatibility characters are not listed: `search_forms` takes them away. What has
no common form that everybody knows stays as it is.

Source: that a variant is found from its common form is the standard specification of resident record
systems, 2.1.2 (documented); which are listed is ours (invented).
"""

from typing import Final

_PAIRS: Final = """
亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 圓円 鹽塩 緣縁 應応 歐欧 毆殴 櫻桜
奧奥 橫横 溫温 價価 會会 繪絵 擴拡 覺覚 學学 嶽岳 樂楽 勸勧 卷巻 寬寛 歡歓 觀観 關関 巖巌 顏顔 歸帰 氣気
龜亀 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 峽峡 挾挟 狹狭 堯尭 曉暁 區区 驅駆 勳勲 薰薫 羣群 徑径 惠恵 揭掲 溪渓
經経 莖茎 螢蛍 輕軽 鷄鶏 藝芸 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 縣県 險険 顯顕 驗験 嚴厳 效効 廣広 恆恒
鑛鉱 號号 國国 濟済 碎砕 齋斎 劑剤 齊斉 﨑崎 嵜崎 雜雑 參参 棧桟 蠶蚕 慘惨 贊賛 殘残 絲糸 齒歯 兒児 辭辞
濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 將将 燒焼 稱称 證証 條条 狀状
乘乗 淨浄 剩剰 疊畳 穰穣 繩縄 壤壌 孃嬢 讓譲 釀醸 觸触 寢寝 愼慎 眞真 盡尽 晉晋 圖図 粹粋 醉酔 穗穂 隨随
髓髄 樞枢 數数 瀨瀬 聲声 靜静 攝摂 專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 窗窓
總総 聰聡 莊荘 裝装 騷騒 增増 臟臓 藏蔵 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担
膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝 燈灯 當当 黨党
盜盗 鬭闘 德徳 獨独 讀読 屆届 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 拔抜 蠻蛮 祕秘 濱浜 濵浜
甁瓶 拂払 佛仏 竝並 變変 邊辺 邉辺 辨弁 瓣弁 辯弁 步歩 寶宝 豐豊 襃褒 沒没 飜翻 槇槙 萬万 滿満 默黙 彌弥
譯訳 藥薬 與与 豫予 餘余 譽誉 搖揺 樣様 謠謡 遙遥 瑤瑶 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 淚涙 壘塁
禮礼 勵励 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 郞郎 祿禄 錄録 灣湾 髙高 𠮷吉 嶋島 嶌島 冨富 峯峰 桒桑 舘館
曾曽 曻昇 昻昂 栁柳 槗橋 𣘺橋 凜凛 萠萌 圡土 𡈽土 㟢崎
"""

COMMON_FORMS: Final = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
"""The common form of each variant, by its code point."""
